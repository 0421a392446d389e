using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Cli.Benchmarks;

/// <summary>The most multiplications and additions that threads of this machine do per second, in 10^9: registers only, no memory.</summary>
static class ArithmeticPeak
{
    const int Rounds = 24;
    const int Steps = 1_000_000;
    const int Chains = 12;                   // independent, so that an instruction need not wait for the one before it

    /// <summary>F32 numbers.</summary>
    public static double Floats(int threads) => Vector512.IsHardwareAccelerated
        ? Rate<Vector512<float>, FusedFloats512>(threads)
        : Rate<Vector256<float>, FusedFloats256>(threads);

    /// <summary>Bytes, by the fastest of the instructions that kernels use here; null where no kernel multiplies bytes.</summary>
    public static double? Bytes(int threads)
    {
        if (!Avx2.IsSupported)
            return null;
        var pairs = Avx512BW.IsSupported ? Rate<Vector512<short>, BytePairs512>(threads) : Rate<Vector256<short>, BytePairs256>(threads);
        return AvxVnni.IsSupported ? Math.Max(pairs, Rate<Vector256<int>, ByteQuads256>(threads)) : pairs;
    }

    static double Rate<T, TMultiplication>(int threads) where TMultiplication : struct, IMultiplication<T> =>
        (double)Steps * Chains * TMultiplication.Operations * threads / OwnThreads.BestSeconds(threads, Rounds, _ => Run<T, TMultiplication>()) / 1e9;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Run<T, TMultiplication>() where TMultiplication : struct, IMultiplication<T>
    {
        var a = TMultiplication.Start;
        var (b, c, d, e, f) = (a, a, a, a, a);
        var (g, h, i, j, k, l) = (a, a, a, a, a, a);
        for (var step = 0; step < Steps; step++)
        {
            a = TMultiplication.Next(a);
            b = TMultiplication.Next(b);
            c = TMultiplication.Next(c);
            d = TMultiplication.Next(d);
            e = TMultiplication.Next(e);
            f = TMultiplication.Next(f);
            g = TMultiplication.Next(g);
            h = TMultiplication.Next(h);
            i = TMultiplication.Next(i);
            j = TMultiplication.Next(j);
            k = TMultiplication.Next(k);
            l = TMultiplication.Next(l);
        }
        return TMultiplication.Bits(a) + TMultiplication.Bits(b) + TMultiplication.Bits(c) + TMultiplication.Bits(d) + TMultiplication.Bits(e) + TMultiplication.Bits(f)
            + TMultiplication.Bits(g) + TMultiplication.Bits(h) + TMultiplication.Bits(i) + TMultiplication.Bits(j) + TMultiplication.Bits(k) + TMultiplication.Bits(l);
    }
}
