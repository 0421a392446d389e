using Brickwork.Kernels.RmsNorm;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class RmsNorm
{
    /// <summary>Adds to the gradients of x and gain.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, D], as it was before the norm.</param>
    /// <param name="gain">[D], or null for 1.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="dy">[T, D], the gradient of the output.</param>
    /// <param name="dx">[T, D], added to; null = not wanted.</param>
    /// <param name="dGain">[D], added to; null = not wanted.</param>
    public static void Backward(
        Compute compute, in Tensor x, in Tensor? gain, float epsilon, in Tensor dy, in GradientSum? dx, in Tensor? dGain)
    {
        RowWork.RequireSameShape(x, dy);
        RowWork.RequireColumns(gain, x.Columns);
        RowWork.RequireColumns(dGain, x.Columns);
        ColumnSums.Run(compute, x.Rows, x.Columns, new BackwardWork(compute.InstructionSet, x, gain, epsilon, dy, dx), dGain);
    }

    /// <summary>Records what <see cref="Run"/> did, if any of it is wanted; y is not the memory of x then.</summary>
    public static void Record(Tape tape, in Tensor x, in Tensor? gain, float epsilon, in Tensor y)
    {
        if (tape.Wants(x) || (gain is { } factors && tape.Wants(factors)))
            tape.Record(y, new Step(x, gain, epsilon, y));
    }

    sealed class Step(Tensor x, Tensor? gain, float epsilon, Tensor y) : IGradient
    {
        public void Backward(Tape tape) => RmsNorm.Backward(
            tape.Compute, x, gain, epsilon, tape.Gradient(y), tape.TrySum(x), tape.TryGradient(gain));
    }

    readonly struct BackwardWork(InstructionSet path, Tensor x, Tensor? gain, float epsilon, Tensor dy, GradientSum? dx) : IColumnSumWork
    {
        public void Run(int firstRow, int rows, Span<float> dGain, Span<float> unused)
        {
            var columns = x.Columns;
            var source = x.Floats;
            var slopes = dy.Floats;
            var factors = gain is { } givenGain ? givenGain.Floats : default;
            for (var first = firstRow * columns; first < (firstRow + rows) * columns; first += columns)
                RmsNormKernel.Backward(
                    path, source.Slice(first, columns), factors, epsilon, slopes.Slice(first, columns),
                    GradientSum.Part(dx, first, columns), dGain);
        }
    }
}
