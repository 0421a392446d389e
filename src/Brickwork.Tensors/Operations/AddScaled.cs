using Brickwork.Kernels.Elementwise;

namespace Brickwork.Tensors.Operations;

/// <summary>a += factor · b.</summary>
static partial class AddScaled
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D], changed.</param>
    /// <param name="b">[T, D].</param>
    /// <param name="factor">One factor for all.</param>
    public static void Run(Compute compute, in Tensor a, in Tensor b, float factor)
    {
        RowWork.RequireSameShape(a, b);
        RowWork.Run(compute, a.Rows, a.Columns, new Work(compute.InstructionSet, a, b, factor));
    }

    readonly struct Work(InstructionSet path, Tensor a, Tensor b, float factor) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var sums = a.Floats;
            var terms = b.Floats;
            var columns = a.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
                ElementwiseKernel.AddScaled(path, terms.Slice(row * columns, columns), factor, sums.Slice(row * columns, columns));
        }
    }
}
