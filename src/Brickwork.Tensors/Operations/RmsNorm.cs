using Brickwork.Kernels.RmsNorm;

namespace Brickwork.Tensors.Operations;

/// <summary>Every row divided by its root mean square.</summary>
static partial class RmsNorm
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, D]; per-head norms pass a view of [T·H, K].</param>
    /// <param name="gain">[D], or null for 1.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="y">[T, D]; may be the memory of x.</param>
    public static void Run(Compute compute, in Tensor x, in Tensor? gain, float epsilon, in Tensor y)
    {
        RowWork.RequireSameShape(x, y);
        RowWork.RequireColumns(gain, x.Columns);
        RowWork.Run(compute, x.Rows, x.Columns, new Work(compute.InstructionSet, x, gain, epsilon, y));
    }

    readonly struct Work(InstructionSet path, Tensor x, Tensor? gain, float epsilon, Tensor y) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var source = x.Floats;
            var target = y.Floats;
            var columns = x.Columns;
            var factors = gain is { } given ? given.Floats : default;
            for (var row = firstRow; row < firstRow + rows; row++)
                RmsNormKernel.Run(path, source.Slice(row * columns, columns), factors, epsilon, target.Slice(row * columns, columns));
        }
    }
}
