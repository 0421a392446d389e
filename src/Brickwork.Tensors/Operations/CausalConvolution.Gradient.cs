using System.Buffers;
using Brickwork.Kernels.Elementwise;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class CausalConvolution
{
    /// <summary>Adds to the gradients of x, kernel and bias, for a sequence from its first row on, before which there is nothing.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, C], a whole sequence.</param>
    /// <param name="kernel">[C, k].</param>
    /// <param name="dy">[T, C], the gradient of the output.</param>
    /// <param name="dx">[T, C], added to; null = not wanted.</param>
    /// <param name="dKernel">[C, k], added to; null = not wanted.</param>
    /// <param name="dBias">[C], added to; null = not wanted.</param>
    public static void Backward(
        Compute compute, in Tensor x, in Tensor kernel, in Tensor dy, in Tensor? dx, in Tensor? dKernel, in Tensor? dBias)
    {
        var (channels, taps) = (x.Columns, kernel.Columns);
        RowWork.RequireSameShape(x, dy);
        RowWork.RequireColumns(dBias, channels);
        if (kernel.Rows != channels)
            throw new ArgumentException($"Kernel {kernel} does not fit {x}.", nameof(kernel));
        var byTap = ArrayPool<float>.Shared.Rent(taps * channels);
        var slopes = ArrayPool<float>.Shared.Rent(taps * channels);
        Transpose(kernel.Floats, taps, byTap);
        slopes.AsSpan(0, taps * channels).Clear();
        ColumnSums.Run(
            compute, x.Rows, channels, new BackwardWork(compute.InstructionSet, x, byTap, taps, dy, dx),
            dKernel is null ? default : slopes.AsSpan(0, taps * channels), dBias is { } bias ? bias.Floats : default);
        if (dKernel is { } target)
            AddTransposed(slopes, taps, target.Floats);
        ArrayPool<float>.Shared.Return(byTap);
        ArrayPool<float>.Shared.Return(slopes);
    }

    /// <summary>Records what <see cref="Run"/> did with a state of zeros, if any of it is wanted.</summary>
    public static void Record(Tape tape, in Tensor x, in Tensor kernel, in Tensor? bias, in Tensor y)
    {
        if (tape.Wants(x) || tape.Wants(kernel) || (bias is { } terms && tape.Wants(terms)))
            tape.Record(y, new Step(x, kernel, bias, y));
    }

    static void AddTransposed(ReadOnlySpan<float> byTap, int taps, Span<float> kernel)
    {
        var channels = kernel.Length / taps;
        for (var channel = 0; channel < channels; channel++)
            for (var tap = 0; tap < taps; tap++)
                kernel[channel * taps + tap] += byTap[tap * channels + channel];
    }

    sealed class Step(Tensor x, Tensor kernel, Tensor? bias, Tensor y) : IGradient
    {
        public void Backward(Tape tape) => CausalConvolution.Backward(
            tape.Compute, x, kernel, tape.Gradient(y), tape.TryGradient(x), tape.TryGradient(kernel), tape.TryGradient(bias));
    }

    readonly struct BackwardWork(InstructionSet path, Tensor x, float[] byTap, int taps, Tensor dy, Tensor? dx) : IColumnSumWork
    {
        public void Run(int firstRow, int rows, Span<float> dKernel, Span<float> dBias)
        {
            var channels = x.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                if (dx is { } target)
                    AddLater(row, target.Row(row));
                for (var tap = 0; tap < taps && !dKernel.IsEmpty; tap++)
                    if (row - taps + 1 + tap is >= 0 and var time)
                        ElementwiseKernel.MultiplyAdd(path, dy.Row(row), x.Row(time), dKernel.Slice(tap * channels, channels));
                if (!dBias.IsEmpty)
                    ElementwiseKernel.Add(path, dBias, dy.Row(row), dBias);
            }
        }

        /// <summary>What the row meant for itself and for the rows behind it.</summary>
        void AddLater(int row, Span<float> slopes)
        {
            for (var tap = taps - 1; tap >= 0 && row + taps - 1 - tap < x.Rows; tap--)
                ElementwiseKernel.MultiplyAdd(path, dy.Row(row + taps - 1 - tap), byTap.AsSpan(tap * x.Columns, x.Columns), slopes);
        }
    }
}
