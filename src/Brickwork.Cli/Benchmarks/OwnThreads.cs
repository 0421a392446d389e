using System.Diagnostics;

namespace Brickwork.Cli.Benchmarks;

/// <summary>Work done at once by threads that do nothing else, so that no pool decides how many there are.</summary>
static class OwnThreads
{
    /// <summary>Seconds from the start of the first thread to the end of the last, in the best of some rounds.</summary>
    /// <param name="threads">At least 1.</param>
    /// <param name="rounds">At least 1.</param>
    /// <param name="work">Gets the thread's number from 0; returns what it computed, so that nothing is optimized away.</param>
    public static double BestSeconds(int threads, int rounds, Func<int, long> work)
    {
        using var gate = new Barrier(threads);
        var (starts, ends, results) = (new long[threads], new long[threads], new long[threads]);
        var best = double.MaxValue;
        void Work(int thread)
        {
            for (var round = 0; round < rounds; round++)
            {
                gate.SignalAndWait();
                starts[thread] = Stopwatch.GetTimestamp();
                results[thread] = work(thread);
                ends[thread] = Stopwatch.GetTimestamp();
                gate.SignalAndWait();
                if (thread == 0)
                    best = Math.Min(best, Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds);
            }
        }
        var all = Enumerable.Range(0, threads).Select(number => new Thread(() => Work(number)) { IsBackground = true }).ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
        GC.KeepAlive(results);
        return best;
    }
}
