using Brickwork.Kernels.Elementwise;

namespace Brickwork.Tensors.Operations;

/// <summary>y = a · b, value by value.</summary>
static partial class Multiply
{
    /// <summary>a *= b.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D], changed.</param>
    /// <param name="b">[T, D], or [D] for every row.</param>
    public static void Run(Compute compute, in Tensor a, in Tensor b) => Run(compute, a, b, a);

    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D].</param>
    /// <param name="b">[T, D], or [D] for every row.</param>
    /// <param name="y">[T, D]; may be the memory of a or b.</param>
    public static void Run(Compute compute, in Tensor a, in Tensor b, in Tensor y)
    {
        RowWork.RequireSameShape(a, y);
        RequireFactor(a, b);
        RowWork.Run(compute, a.Rows, a.Columns, new Work(compute.InstructionSet, a, b, y));
    }

    static void RequireFactor(in Tensor a, in Tensor b)
    {
        if (b.Rows != 1)
            RowWork.RequireSameShape(a, b);
        RowWork.RequireColumns(b.Rows == 1 ? b : null, a.Columns);
    }

    readonly struct Work(InstructionSet path, Tensor a, Tensor b, Tensor y) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var sources = a.Floats;
            var factors = b.Floats;
            var products = y.Floats;
            var columns = a.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var factor = b.Rows == 1 ? factors : factors.Slice(row * columns, columns);
                ElementwiseKernel.Multiply(path, sources.Slice(row * columns, columns), factor, products.Slice(row * columns, columns));
            }
        }
    }
}
