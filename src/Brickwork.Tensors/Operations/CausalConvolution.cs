using System.Buffers;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Tensors.Operations;

/// <summary>A short convolution over time, every channel by itself, that sees no later row.</summary>
/// <remarks>y[t, c] = bias[c] + Σ_j kernel[c, j] · x[t − k + 1 + j, c], j ascending; rows before the first come from the state.</remarks>
static partial class CausalConvolution
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, C], the next rows of one sequence.</param>
    /// <param name="kernel">[C, k].</param>
    /// <param name="bias">[C], or null for 0.</param>
    /// <param name="state">[k−1, C], the rows before x, oldest first; zero at the start. Changed to the last rows.</param>
    /// <param name="y">[T, C], memory of its own.</param>
    public static void Run(Compute compute, in Tensor x, in Tensor kernel, in Tensor? bias, in Tensor state, in Tensor y)
    {
        var (channels, taps) = (x.Columns, kernel.Columns);
        RowWork.RequireSameShape(x, y);
        RowWork.RequireColumns(bias, channels);
        if (kernel.Rows != channels || state.Shape.Count != (long)(taps - 1) * channels)
            throw new ArgumentException($"Kernel {kernel} and state {state} do not fit {x}.", nameof(kernel));
        var byTap = ArrayPool<float>.Shared.Rent(taps * channels);
        Transpose(kernel.Floats, taps, byTap);
        RowWork.Run(compute, x.Rows, channels, new Work(compute.InstructionSet, x, byTap, taps, bias, state, y));
        Remember(x, state, taps - 1);
        ArrayPool<float>.Shared.Return(byTap);
    }

    static void Transpose(ReadOnlySpan<float> kernel, int taps, Span<float> byTap)
    {
        var channels = kernel.Length / taps;
        for (var channel = 0; channel < channels; channel++)
            for (var tap = 0; tap < taps; tap++)
                byTap[tap * channels + channel] = kernel[channel * taps + tap];
    }

    static void Remember(in Tensor x, in Tensor state, int kept)
    {
        var rows = x.Rows;
        var past = state.Floats;
        var fresh = x.Floats;
        var stays = Math.Max(0, kept - rows);
        past[((kept - stays) * x.Columns)..].CopyTo(past);
        fresh[((rows - (kept - stays)) * x.Columns)..].CopyTo(past[(stays * x.Columns)..]);
    }

    readonly struct Work(InstructionSet path, Tensor x, float[] byTap, int taps, Tensor? bias, Tensor state, Tensor y) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var source = x.Floats;
            var past = state.Floats;
            var target = y.Floats;
            var channels = x.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var sum = target.Slice(row * channels, channels);
                sum.Clear();
                for (var tap = 0; tap < taps; tap++)
                {
                    var time = row - taps + 1 + tap;
                    var seen = time >= 0 ? source.Slice(time * channels, channels) : past.Slice((time + taps - 1) * channels, channels);
                    ElementwiseKernel.MultiplyAdd(path, seen, byTap.AsSpan(tap * channels, channels), sum);
                }
                if (bias is { } given)
                    ElementwiseKernel.Add(path, sum, given.Floats, sum);
            }
        }
    }
}
