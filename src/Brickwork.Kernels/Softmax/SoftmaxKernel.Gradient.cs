using System.Runtime.CompilerServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Softmax;

static partial class SoftmaxKernel
{
    /// <summary>Adds to the gradient of x, one row, from the output: dx += y · (dy − Σ dy·y).</summary>
    public static void Backward(InstructionSet path, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        if (dy.Length != y.Length || dx.Length != y.Length)
            throw new ArgumentException($"Rows differ in length: y {y.Length}, dy {dy.Length}, dx {dx.Length}.", nameof(dy));
        if (path == InstructionSet.Reference)
        {
            BackwardReference(y, dy, dx);
            return;
        }
        var (mean, _) = ElementwiseKernel.Sums(path, default(Products), y, dy, dy);
        ElementwiseKernel.Accumulate(path, new Slopes(mean), y, dy, dy, dx, default);
    }

    static void BackwardReference(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var mean = 0.0;
        for (var i = 0; i < y.Length; i++)
            mean += (double)y[i] * dy[i];
        for (var i = 0; i < y.Length; i++)
            dx[i] += (float)(y[i] * (dy[i] - mean));
    }

    readonly struct Products : IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T y, T dy, T unused, ref T sum, ref T none) where T : struct, ILanes<T> => sum = T.MultiplyAdd(y, dy, sum);
    }

    readonly struct Slopes(float mean) : IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T y, T dy, T unused, ref T dx, ref T none) where T : struct, ILanes<T> =>
            dx = T.MultiplyAdd(y, dy - T.Broadcast(mean), dx);
    }
}
