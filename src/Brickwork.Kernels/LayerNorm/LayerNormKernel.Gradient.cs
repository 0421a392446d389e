using System.Runtime.CompilerServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.LayerNorm;

static partial class LayerNormKernel
{
    /// <summary>Adds to the gradients of x, gain and bias, one row: with h = (x − mean) · r, r = 1 / √(variance + ε) and s = gain · dy,
    /// dx += r · (s − mean s − h · mean(s·h)), dGain += dy · h and dBias += dy.</summary>
    /// <param name="path">The kernel path.</param>
    /// <param name="x">[D], as it was before the norm.</param>
    /// <param name="gain">[D], or empty for 1.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="dy">[D].</param>
    /// <param name="dx">[D], or empty where it is not wanted; likewise the others.</param>
    /// <param name="dGain">[D].</param>
    /// <param name="dBias">[D].</param>
    public static void Backward(
        InstructionSet path, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> dy,
        Span<float> dx, Span<float> dGain, Span<float> dBias)
    {
        if (dy.Length != x.Length || (gain.Length != x.Length && gain.Length != 0) || (dBias.Length != x.Length && dBias.Length != 0))
            throw new ArgumentException(
                $"Rows differ in length: x {x.Length}, gain {gain.Length}, dy {dy.Length}, dBias {dBias.Length}.", nameof(dy));
        switch (path)
        {
            case InstructionSet.Reference: BackwardReference(x, gain, epsilon, dy, dx, dGain, dBias); break;
            case InstructionSet.Avx512: BackwardLanes<Lanes512>(x, gain, epsilon, dy, dx, dGain, dBias); break;
            case InstructionSet.Avx2: BackwardLanes<Lanes256>(x, gain, epsilon, dy, dx, dGain, dBias); break;
            default: BackwardLanes<Lanes128>(x, gain, epsilon, dy, dx, dGain, dBias); break;
        }
    }

    static void BackwardLanes<T>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> dy,
        Span<float> dx, Span<float> dGain, Span<float> dBias) where T : struct, ILanes<T>
    {
        var mean = Sum<T>(x) / x.Length;
        var scale = 1 / MathF.Sqrt(SumOfSquares<T>(x, mean) / x.Length + epsilon);
        if (gain.IsEmpty)
            BackwardLanes<T, WithoutGain>(mean, scale, x, x, dy, dx, dGain);
        else
            BackwardLanes<T, WithGain>(mean, scale, x, gain, dy, dx, dGain);
        if (!dBias.IsEmpty)
            LaneLoop.Zip<T, Total>(default, dBias, dy, dBias);
    }

    static void BackwardLanes<T, TGain>(
        float mean, float scale, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> dy, Span<float> dx, Span<float> dGain)
        where T : struct, ILanes<T>
        where TGain : struct, IGain
    {
        var (slope, product) = LaneLoop.Sums<T, Moments<TGain>>(new Moments<TGain>(mean, scale), x, gain, dy, padding: 0);
        LaneLoop.Accumulate<T, Slopes<TGain>>(
            new Slopes<TGain>(mean, scale, slope / x.Length, product / x.Length), x, gain, dy, dx, dGain);
    }

    /// <summary>Σ s and Σ s·h.</summary>
    readonly struct Moments<TGain>(float mean, float scale) : IAccumulation where TGain : struct, IGain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, T gain, T dy, ref T slope, ref T product) where T : struct, ILanes<T>
        {
            var weighted = TGain.Weigh(dy, gain);
            slope += weighted;
            product = T.MultiplyAdd(weighted, (x - T.Broadcast(mean)) * T.Broadcast(scale), product);
        }
    }

    readonly struct Slopes<TGain>(float mean, float scale, float slope, float product) : IAccumulation where TGain : struct, IGain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, T gain, T dy, ref T dx, ref T dGain) where T : struct, ILanes<T>
        {
            var standard = (x - T.Broadcast(mean)) * T.Broadcast(scale);
            var own = TGain.Weigh(dy, gain) - T.Broadcast(slope) - standard * T.Broadcast(product);
            dx = T.MultiplyAdd(own, T.Broadcast(scale), dx);
            dGain = T.MultiplyAdd(dy, standard, dGain);
        }
    }
}
