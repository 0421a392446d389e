using System.Diagnostics;

namespace Brickwork.Cli.Benchmarks;

/// <summary>What the part of a run that counts took: time, and managed memory of all threads.</summary>
sealed class Stretch
{
    readonly Stopwatch _clock = new();
    long _allocatedBefore;

    public double Seconds => _clock.Elapsed.TotalSeconds;

    public long Allocated { get; private set; }

    public void Start()
    {
        _allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        _clock.Start();
    }

    public void Stop()
    {
        _clock.Stop();
        Allocated += GC.GetTotalAllocatedBytes(precise: true) - _allocatedBefore;
    }
}
