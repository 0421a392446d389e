using Brickwork.Kernels.Elementwise;

namespace Brickwork.Tensors.Operations;

/// <summary>a *= b, value by value.</summary>
static class Multiply
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D], changed.</param>
    /// <param name="b">[T, D], or [D] for every row.</param>
    public static void Run(Compute compute, in Tensor a, in Tensor b)
    {
        if (b.Rows != 1)
            RowWork.RequireSameShape(a, b);
        RowWork.RequireColumns(b.Rows == 1 ? b : null, a.Columns);
        RowWork.Run(compute, a.Rows, a.Columns, new Work(compute.InstructionSet, a, b));
    }

    readonly struct Work(InstructionSet path, Tensor a, Tensor b) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var products = a.Floats;
            var factors = b.Floats;
            var columns = a.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var product = products.Slice(row * columns, columns);
                var factor = b.Rows == 1 ? factors : factors.Slice(row * columns, columns);
                ElementwiseKernel.Multiply(path, product, factor, product);
            }
        }
    }
}
