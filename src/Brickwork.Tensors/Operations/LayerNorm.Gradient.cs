using Brickwork.Kernels.LayerNorm;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class LayerNorm
{
    /// <summary>Adds to the gradients of x, gain and bias.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, D], as it was before the norm.</param>
    /// <param name="gain">[D], or null for 1.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="dy">[T, D], the gradient of the output.</param>
    /// <param name="dx">[T, D], added to; null = not wanted.</param>
    /// <param name="dGain">[D], added to; null = not wanted.</param>
    /// <param name="dBias">[D], added to; null = not wanted.</param>
    /// <param name="groups">How many equal parts of a row were normalized by themselves.</param>
    public static void Backward(
        Compute compute, in Tensor x, in Tensor? gain, float epsilon, in Tensor dy,
        in Tensor? dx, in Tensor? dGain, in Tensor? dBias, int groups = 1)
    {
        RowWork.RequireSameShape(x, dy);
        RowWork.RequireColumns(gain, x.Columns);
        RowWork.RequireColumns(dGain, x.Columns);
        RowWork.RequireColumns(dBias, x.Columns);
        RequireGroups(x, groups);
        ColumnSums.Run(
            compute, x.Rows, x.Columns, new BackwardWork(compute.InstructionSet, x, groups, gain, epsilon, dy, dx), dGain, dBias);
    }

    /// <summary>Records what <see cref="Run"/> or <see cref="RunGroups"/> did, if any of it is wanted; y is not the memory of x then.</summary>
    public static void Record(Tape tape, in Tensor x, in Tensor? gain, in Tensor? bias, float epsilon, in Tensor y, int groups = 1)
    {
        if (tape.Wants(x) || (gain is { } factors && tape.Wants(factors)) || (bias is { } terms && tape.Wants(terms)))
            tape.Record(y, new Step(x, groups, gain, bias, epsilon, y));
    }

    sealed class Step(Tensor x, int groups, Tensor? gain, Tensor? bias, float epsilon, Tensor y) : IGradient
    {
        public void Backward(Tape tape) => LayerNorm.Backward(
            tape.Compute, x, gain, epsilon, tape.Gradient(y), tape.TryGradient(x), tape.TryGradient(gain), tape.TryGradient(bias), groups);
    }

    readonly struct BackwardWork(InstructionSet path, Tensor x, int groups, Tensor? gain, float epsilon, Tensor dy, Tensor? dx) : IColumnSumWork
    {
        public void Run(int firstRow, int rows, Span<float> dGain, Span<float> dBias)
        {
            var width = x.Columns / groups;
            var source = x.Floats;
            var slopes = dy.Floats;
            var factors = gain is { } givenGain ? givenGain.Floats : default;
            var target = dx is { } givenTarget ? givenTarget.Floats : default;
            for (var part = firstRow * groups; part < (firstRow + rows) * groups; part++)
            {
                var column = part % groups * width;
                LayerNormKernel.Backward(
                    path, source.Slice(part * width, width), Part(factors, column, width), epsilon, slopes.Slice(part * width, width),
                    Part(target, part * width, width), Part(dGain, column, width), Part(dBias, column, width));
            }
        }

        static Span<float> Part(Span<float> values, int first, int count) => values.IsEmpty ? values : values.Slice(first, count);
    }
}
