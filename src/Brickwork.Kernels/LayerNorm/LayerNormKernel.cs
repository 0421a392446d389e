using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.LayerNorm;

/// <summary>y = (x − mean) / √(variance + ε) · gain + bias, one row.</summary>
/// <remarks>Ba, Kiros &amp; Hinton 2016. The variance is taken about the mean. x and y may be the same memory.</remarks>
static partial class LayerNormKernel
{
    /// <param name="path">The kernel path.</param>
    /// <param name="x">[D].</param>
    /// <param name="gain">[D], or empty for 1.</param>
    /// <param name="bias">[D], or empty for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="y">[D].</param>
    public static void Run(
        InstructionSet path, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, float epsilon, Span<float> y)
    {
        if (y.Length != x.Length || (gain.Length != x.Length && gain.Length != 0) || (bias.Length != x.Length && bias.Length != 0))
            throw new ArgumentException(
                $"Rows differ in length: x {x.Length}, gain {gain.Length}, bias {bias.Length}, y {y.Length}.", nameof(y));
        switch (path)
        {
            case InstructionSet.Reference: RunReference(x, gain, bias, epsilon, y); break;
            case InstructionSet.Avx512: RunLanes<Lanes512>(x, gain, bias, epsilon, y); break;
            case InstructionSet.Avx2: RunLanes<Lanes256>(x, gain, bias, epsilon, y); break;
            default: RunLanes<Lanes128>(x, gain, bias, epsilon, y); break;
        }
    }

    static void RunLanes<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, float epsilon, Span<float> y)
        where T : struct, ILanes<T>
    {
        var mean = Sum<T>(x) / x.Length;
        var scale = 1 / MathF.Sqrt(SumOfSquares<T>(x, mean) / x.Length + epsilon);
        LaneLoop.Map<T, Standardized>(new Standardized(mean, scale), x, y);
        if (!gain.IsEmpty)
            LaneLoop.Zip<T, Product>(default, y, gain, y);
        if (!bias.IsEmpty)
            LaneLoop.Zip<T, Total>(default, y, bias, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Sum<T>(ReadOnlySpan<float> x) where T : struct, ILanes<T>
    {
        var sum = T.Broadcast(0);
        var whole = x.Length - x.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
            sum += T.Load(ref MemoryMarshal.GetReference(x), (nuint)i);
        if (whole < x.Length)
            sum += LaneLoop.LoadTail<T>(x[whole..]);
        return T.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float SumOfSquares<T>(ReadOnlySpan<float> x, float mean) where T : struct, ILanes<T>
    {
        var sum = T.Broadcast(0);
        var whole = x.Length - x.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
        {
            var distance = T.Load(ref MemoryMarshal.GetReference(x), (nuint)i) - T.Broadcast(mean);
            sum = T.MultiplyAdd(distance, distance, sum);
        }
        if (whole < x.Length)
        {
            // Padding with the mean adds nothing.
            var distance = LaneLoop.LoadTail<T>(x[whole..], mean) - T.Broadcast(mean);
            sum = T.MultiplyAdd(distance, distance, sum);
        }
        return T.Sum(sum);
    }

    readonly struct Standardized(float mean, float scale) : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILanes<T> => (x - T.Broadcast(mean)) * T.Broadcast(scale);
    }

    readonly struct Product : IBinaryOperation
    {
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => a * b;
    }

    readonly struct Total : IBinaryOperation
    {
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => a + b;
    }
}
