using System.Runtime.CompilerServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.RmsNorm;

static partial class L2NormalizeKernel
{
    /// <summary>Adds to the gradient of x, one row: dx += (dy − x · Σ dy·x / ‖x‖²) / ‖x‖, or dy / ε where x is shorter than ε.</summary>
    public static void Backward(InstructionSet path, ReadOnlySpan<float> x, float epsilon, ReadOnlySpan<float> dy, Span<float> dx)
    {
        if (dy.Length != x.Length || dx.Length != x.Length)
            throw new ArgumentException($"Rows differ in length: x {x.Length}, dy {dy.Length}, dx {dx.Length}.", nameof(dy));
        if (path == InstructionSet.Reference)
        {
            BackwardReference(x, epsilon, dy, dx);
            return;
        }
        var (squares, products) = ElementwiseKernel.Sums(path, default(Moments), x, dy, dy);
        var length = MathF.Sqrt(squares);
        var slopes = length > epsilon ? new Slopes(1 / length, -products / (squares * length)) : new Slopes(1 / epsilon, 0);
        ElementwiseKernel.Accumulate(path, slopes, x, dy, dy, dx, default);
    }

    static void BackwardReference(ReadOnlySpan<float> x, float epsilon, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var (squares, products) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            squares += (double)x[i] * x[i];
            products += (double)x[i] * dy[i];
        }
        var length = Math.Sqrt(squares);
        for (var i = 0; i < x.Length; i++)
            dx[i] += (float)(length > epsilon ? (dy[i] - x[i] * products / squares) / length : dy[i] / epsilon);
    }

    readonly struct Moments : IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, T dy, T unused, ref T squares, ref T products) where T : struct, ILanes<T>
        {
            squares = T.MultiplyAdd(x, x, squares);
            products = T.MultiplyAdd(x, dy, products);
        }
    }

    readonly struct Slopes(float scale, float pull) : IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, T dy, T unused, ref T dx, ref T none) where T : struct, ILanes<T> =>
            dx = T.MultiplyAdd(x, T.Broadcast(pull), T.MultiplyAdd(dy, T.Broadcast(scale), dx));
    }
}
