using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.RmsNorm;

/// <summary>y = x / √(mean x² + ε) · gain, one row.</summary>
/// <remarks>Zhang &amp; Sennrich 2019. x and y may be the same memory.</remarks>
static partial class RmsNormKernel
{
    /// <param name="path">The kernel path.</param>
    /// <param name="x">[D].</param>
    /// <param name="gain">[D], or empty for 1.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="y">[D].</param>
    public static void Run(InstructionSet path, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float epsilon, Span<float> y)
    {
        if (y.Length != x.Length || (gain.Length != x.Length && gain.Length != 0))
            throw new ArgumentException($"Rows differ in length: x {x.Length}, gain {gain.Length}, y {y.Length}.", nameof(y));
        switch (path)
        {
            case InstructionSet.Reference: RunReference(x, gain, epsilon, y); break;
            case InstructionSet.Avx512: RunLanes<Lanes512>(path, x, gain, epsilon, y); break;
            case InstructionSet.Avx2: RunLanes<Lanes256>(path, x, gain, epsilon, y); break;
            default: RunLanes<Lanes128>(path, x, gain, epsilon, y); break;
        }
    }

    static void RunLanes<T>(InstructionSet path, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float epsilon, Span<float> y)
        where T : struct, ILanes<T>
    {
        var scale = 1 / MathF.Sqrt(SumOfSquares<T>(x) / x.Length + epsilon);
        if (gain.IsEmpty)
            ElementwiseKernel.Scale(path, x, scale, y);
        else
            LaneLoop.Zip<T, ScaledProduct>(new ScaledProduct(scale), x, gain, y);
    }

    /// <summary>Two chains of vectors, taken in turn, added at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float SumOfSquares<T>(ReadOnlySpan<float> x) where T : struct, ILanes<T>
    {
        ref var source = ref MemoryMarshal.GetReference(x);
        var even = T.Broadcast(0);
        var odd = T.Broadcast(0);
        var i = 0;
        for (; i <= x.Length - 2 * T.Count; i += 2 * T.Count)
        {
            var first = T.Load(ref source, (nuint)i);
            var second = T.Load(ref source, (nuint)(i + T.Count));
            even = T.MultiplyAdd(first, first, even);
            odd = T.MultiplyAdd(second, second, odd);
        }
        for (; i < x.Length; i += T.Count)
        {
            var rest = i <= x.Length - T.Count ? T.Load(ref source, (nuint)i) : LaneLoop.LoadTail<T>(x[i..]);
            even = T.MultiplyAdd(rest, rest, even);
        }
        return T.Sum(even + odd);
    }

    readonly struct ScaledProduct(float scale) : IBinaryOperation
    {
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => a * T.Broadcast(scale) * b;
    }
}
