using System.Diagnostics;

namespace Brickwork.Cli.Benchmarks;

/// <summary>How much of the processor time that this process wanted it got; a speed means little without it.</summary>
/// <param name="Got">0 to 1: ran / (ran + waited), less what the host of a virtual machine took.</param>
/// <param name="Stolen">0 to 1: what the host took of the time in which there was something to run.</param>
/// <param name="Others">Processors that other processes kept busy meanwhile; null where the system does not say.</param>
readonly record struct ProcessorShare(double Got, double Stolen, double? Others)
{
    /// <summary>The share in a stretch of time.</summary>
    /// <param name="own">Of this process's threads; null where the system does not say.</param>
    /// <param name="machine">Of all processors; null where the system does not say.</param>
    /// <param name="used">Processor time of this process.</param>
    /// <param name="wall">Time on the clock.</param>
    /// <param name="threads">Threads that had work all the time: what is gone by where the scheduler keeps no account.</param>
    public static ProcessorShare Of(SchedulerTimes? own, ProcessorTimes? machine, TimeSpan used, TimeSpan wall, int threads)
    {
        var stolen = machine is { } all && all.Busy + all.Stolen > TimeSpan.Zero ? all.Stolen / (all.Busy + all.Stolen) : 0;
        var got = own is { } times && times.Ran > TimeSpan.Zero
            ? times.Ran / (times.Ran + times.Waited) * (1 - stolen)
            : wall > TimeSpan.Zero ? Math.Min(1, used / (wall * threads)) : 1;
        double? others = machine is { } busy && wall > TimeSpan.Zero ? Math.Max(0, (busy.Busy - used) / wall) : null;
        return new ProcessorShare(got, stolen, others);
    }

    /// <summary>Begins to look; call the result for the share since then.</summary>
    /// <param name="threads">Threads that will have work all the time.</param>
    public static Func<ProcessorShare> Watch(int threads)
    {
        var (own, machine, used, start) = Now();
        return () =>
        {
            var (ownNow, machineNow, usedNow, end) = Now();
            return Of(ownNow - own, machineNow - machine, usedNow - used, Stopwatch.GetElapsedTime(start, end), threads);
        };
    }

    static (SchedulerTimes? Own, ProcessorTimes? Machine, TimeSpan Used, long At) Now()
    {
        using var process = Process.GetCurrentProcess();
        return (SchedulerTimes.OfThisProcess(), ProcessorTimes.OfThisMachine(), process.TotalProcessorTime, Stopwatch.GetTimestamp());
    }
}
