using Brickwork.Kernels.LayerNorm;

namespace Brickwork.Tensors.Operations;

/// <summary>Every row, or every group of a row, brought to mean 0 and variance 1.</summary>
static partial class LayerNorm
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, D].</param>
    /// <param name="gain">[D], or null for 1.</param>
    /// <param name="bias">[D], or null for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="y">[T, D]; may be the memory of x.</param>
    public static void Run(Compute compute, in Tensor x, in Tensor? gain, in Tensor? bias, float epsilon, in Tensor y) =>
        RunGroups(compute, x, 1, gain, bias, epsilon, y);

    /// <summary>Group norm: each of <paramref name="groups"/> equal parts of a row by itself.</summary>
    /// <inheritdoc cref="Run"/>
    public static void RunGroups(
        Compute compute, in Tensor x, int groups, in Tensor? gain, in Tensor? bias, float epsilon, in Tensor y)
    {
        RowWork.RequireSameShape(x, y);
        RowWork.RequireColumns(gain, x.Columns);
        RowWork.RequireColumns(bias, x.Columns);
        RequireGroups(x, groups);
        RowWork.Run(compute, x.Rows, x.Columns, new Work(compute.InstructionSet, x, groups, gain, bias, epsilon, y));
    }

    static void RequireGroups(in Tensor x, int groups)
    {
        if (groups < 1 || x.Columns % groups != 0)
            throw new ArgumentException($"{x.Columns} columns do not fall into {groups} equal groups.", nameof(groups));
    }

    readonly struct Work(InstructionSet path, Tensor x, int groups, Tensor? gain, Tensor? bias, float epsilon, Tensor y) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var source = x.Floats;
            var target = y.Floats;
            var width = x.Columns / groups;
            var factors = gain is { } givenGain ? givenGain.Floats : default;
            var terms = bias is { } givenBias ? givenBias.Floats : default;
            for (var part = firstRow * groups; part < (firstRow + rows) * groups; part++)
            {
                var column = part % groups * width;
                LayerNormKernel.Run(
                    path, source.Slice(part * width, width), factors.IsEmpty ? factors : factors.Slice(column, width),
                    terms.IsEmpty ? terms : terms.Slice(column, width), epsilon, target.Slice(part * width, width));
            }
        }
    }
}
