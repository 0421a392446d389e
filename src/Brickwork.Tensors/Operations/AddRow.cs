using Brickwork.Kernels.Elementwise;

namespace Brickwork.Tensors.Operations;

/// <summary>Adds one row, a bias, to every row.</summary>
static partial class AddRow
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D], changed.</param>
    /// <param name="row">[D].</param>
    public static void Run(Compute compute, in Tensor a, in Tensor row)
    {
        RowWork.RequireColumns(row, a.Columns);
        RowWork.Run(compute, a.Rows, a.Columns, new Work(compute.InstructionSet, a, row));
    }

    readonly struct Work(InstructionSet path, Tensor a, Tensor bias) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var sums = a.Floats;
            var term = bias.Floats;
            var columns = a.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var sum = sums.Slice(row * columns, columns);
                ElementwiseKernel.Add(path, sum, term, sum);
            }
        }
    }
}
