using System.Runtime.CompilerServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.RmsNorm;

static partial class RmsNormKernel
{
    /// <summary>Adds to the gradients of x and gain, one row: with r = 1 / √(mean x² + ε) and s = gain · dy,
    /// dx += r · s − x · r³ / D · Σ s·x and dGain += dy · x · r.</summary>
    /// <param name="path">The kernel path.</param>
    /// <param name="x">[D], as it was before the norm.</param>
    /// <param name="gain">[D], or empty for 1.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="dy">[D].</param>
    /// <param name="dx">[D], or empty where it is not wanted.</param>
    /// <param name="dGain">[D], or empty where it is not wanted.</param>
    public static void Backward(
        InstructionSet path, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> dy,
        Span<float> dx, Span<float> dGain)
    {
        if (dy.Length != x.Length || (gain.Length != x.Length && gain.Length != 0))
            throw new ArgumentException($"Rows differ in length: x {x.Length}, gain {gain.Length}, dy {dy.Length}.", nameof(dy));
        if (path == InstructionSet.Reference)
            BackwardReference(x, gain, epsilon, dy, dx, dGain);
        else if (gain.IsEmpty)
            BackwardLanes<WithoutGain>(path, x, dy, epsilon, dy, dx, dGain);
        else
            BackwardLanes<WithGain>(path, x, gain, epsilon, dy, dx, dGain);
    }

    static void BackwardLanes<TGain>(
        InstructionSet path, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> dy,
        Span<float> dx, Span<float> dGain) where TGain : struct, IGain
    {
        var (squares, products) = ElementwiseKernel.Sums(path, default(Moments<TGain>), x, gain, dy);
        var scale = 1 / MathF.Sqrt(squares / x.Length + epsilon);
        var pull = -scale * scale * scale * products / x.Length;
        ElementwiseKernel.Accumulate(path, new Slopes<TGain>(scale, pull), x, gain, dy, dx, dGain);
    }

    /// <summary>Σ x² and Σ gain·dy·x.</summary>
    readonly struct Moments<TGain> : IAccumulation where TGain : struct, IGain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, T gain, T dy, ref T squares, ref T products) where T : struct, ILanes<T>
        {
            squares = T.MultiplyAdd(x, x, squares);
            products = T.MultiplyAdd(TGain.Weigh(dy, gain), x, products);
        }
    }

    readonly struct Slopes<TGain>(float scale, float pull) : IAccumulation where TGain : struct, IGain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, T gain, T dy, ref T dx, ref T dGain) where T : struct, ILanes<T>
        {
            var scaled = dy * T.Broadcast(scale);
            dx = T.MultiplyAdd(x, T.Broadcast(pull), dx + TGain.Weigh(scaled, gain));
            dGain = T.MultiplyAdd(x, scaled, dGain);
        }
    }
}
