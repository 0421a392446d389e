using Brickwork.Kernels.Elementwise;

namespace Brickwork.Tensors.Operations;

/// <summary>a += b.</summary>
static class Add
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D], changed.</param>
    /// <param name="b">[T, D].</param>
    public static void Run(Compute compute, in Tensor a, in Tensor b)
    {
        RowWork.RequireSameShape(a, b);
        RowWork.Run(compute, a.Rows, a.Columns, new Work(compute.InstructionSet, a, b));
    }

    readonly struct Work(InstructionSet path, Tensor a, Tensor b) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var sums = a.Floats;
            var terms = b.Floats;
            var columns = a.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var sum = sums.Slice(row * columns, columns);
                ElementwiseKernel.Add(path, sum, terms.Slice(row * columns, columns), sum);
            }
        }
    }
}
