using System.Runtime.InteropServices;

namespace Brickwork.Cli.Benchmarks;

/// <summary>The machine that measured, and what it could reach.</summary>
/// <param name="Cpu">The processor's name.</param>
/// <param name="Limits">By number of threads.</param>
sealed record MachineProbe(string Cpu, IReadOnlyDictionary<int, MachineLimits> Limits)
{
    /// <summary>One thread.</summary>
    public MachineLimits One => Limits[1];

    /// <summary>A thread for each processor.</summary>
    public MachineLimits All => Limits[Environment.ProcessorCount];

    /// <summary>Measures one thread, one for each processor, and what else is asked for.</summary>
    public static MachineProbe Measure(IEnumerable<int> threads)
    {
        var memory = new MemoryReads();
        return new MachineProbe(CpuName(), threads.Append(1).Append(Environment.ProcessorCount).Distinct()
            .ToDictionary(count => count, count => Measure(memory, count)));
    }

    static MachineLimits Measure(MemoryReads memory, int threads) =>
        new(threads, memory.GigabytesPerSecond(threads), ArithmeticPeak.Floats(threads), ArithmeticPeak.Bytes(threads));

    static string CpuName()
    {
        const string key = "model name";
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
