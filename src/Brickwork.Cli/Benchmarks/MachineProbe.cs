using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Cli.Benchmarks;

/// <summary>What one thread of this machine reaches at best: reading memory, and multiplying F32.</summary>
/// <param name="Cpu">The processor's name.</param>
/// <param name="ReadGigabytes">Bytes read per second, in 10^9.</param>
/// <param name="Gigaflops">F32 multiplications and additions per second, in 10^9.</param>
sealed record MachineProbe(string Cpu, double ReadGigabytes, double Gigaflops)
{
    const int Repeats = 5;
    const int Bytes = 96 << 20;

    public static MachineProbe Measure() => new(CpuName(), Bytes / BestSeconds(Filled(), ReadAll) / 1e9, MeasureFlops());

    /// <summary>Written once: pages that were never touched would all be the same page of zeros, in the nearest cache.</summary>
    static byte[] Filled()
    {
        var memory = new byte[Bytes];
        memory.AsSpan().Fill(1);
        return memory;
    }

    static double MeasureFlops()
    {
        const int steps = 4_000_000;
        var flops = 2.0 * steps * Accumulators * Vector512<float>.Count;
        return flops / BestSeconds(steps, Multiply) / 1e9;
    }

    static double BestSeconds<T>(T argument, Func<T, float> work)
    {
        var best = double.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var start = TimeProvider.System.GetTimestamp();
            if (float.IsNaN(work(argument)))
                throw new InvalidOperationException("The probe's arithmetic went wrong.");
            best = Math.Min(best, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float ReadAll(byte[] memory)
    {
        var values = MemoryMarshal.Cast<byte, Vector512<long>>(memory);
        Vector512<long> first = default, second = default, third = default, fourth = default;
        for (var index = 0; index + 4 <= values.Length; index += 4)
        {
            first += values[index];
            second += values[index + 1];
            third += values[index + 2];
            fourth += values[index + 3];
        }
        return Vector512.Sum(first + second + third + fourth);
    }

    const int Accumulators = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Multiply(int steps)
    {
        var factor = Vector512.Create(0.999f);
        var (a, b, c, d) = (factor, factor, factor, factor);
        var (e, f, g, h) = (factor, factor, factor, factor);
        for (var step = 0; step < steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, factor, factor);
            b = Vector512.FusedMultiplyAdd(b, factor, factor);
            c = Vector512.FusedMultiplyAdd(c, factor, factor);
            d = Vector512.FusedMultiplyAdd(d, factor, factor);
            e = Vector512.FusedMultiplyAdd(e, factor, factor);
            f = Vector512.FusedMultiplyAdd(f, factor, factor);
            g = Vector512.FusedMultiplyAdd(g, factor, factor);
            h = Vector512.FusedMultiplyAdd(h, factor, factor);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h);
    }

    static string CpuName()
    {
        const string key = "model name";
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
