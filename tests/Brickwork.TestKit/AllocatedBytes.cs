using Brickwork.Kernels.Threading;

namespace Brickwork.TestKit;

/// <summary>Counts what the threads of a team allocate, and nobody else: other tests may run beside.</summary>
public sealed class AllocatedBytes(Compute compute)
{
    int _missing;
    long _bytes;

    /// <summary>Bytes that all threads together have allocated so far, the caller's included. Asking allocates nothing itself.</summary>
    public long Now()
    {
        (_missing, _bytes) = (compute.Threads, 0);
        // All of them must come, those too that the pace of the steps lets rest.
        compute.Team.Limit = compute.Threads;
        compute.Team.Run(compute.Threads, new Count(this));
        return _bytes;
    }

    /// <summary>A thread that has arrived takes no second chunk before every thread has one.</summary>
    void Arrive()
    {
        Interlocked.Add(ref _bytes, GC.GetAllocatedBytesForCurrentThread());
        Interlocked.Decrement(ref _missing);
        while (Volatile.Read(ref _missing) > 0)
            Thread.Yield();
    }

    readonly struct Count(AllocatedBytes all) : IParallelJob
    {
        public void Run(int chunk) => all.Arrive();
    }
}
