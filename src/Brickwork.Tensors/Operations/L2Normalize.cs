using Brickwork.Kernels.RmsNorm;

namespace Brickwork.Tensors.Operations;

/// <summary>Every row divided by its length, or by epsilon where it is shorter.</summary>
static partial class L2Normalize
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, D].</param>
    /// <param name="epsilon">The smallest divisor.</param>
    /// <param name="y">[T, D]; may be the memory of x.</param>
    public static void Run(Compute compute, in Tensor x, float epsilon, in Tensor y)
    {
        RowWork.RequireSameShape(x, y);
        RowWork.Run(compute, x.Rows, x.Columns, new Work(compute.InstructionSet, x, epsilon, y));
    }

    readonly struct Work(InstructionSet path, Tensor x, float epsilon, Tensor y) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var source = x.Floats;
            var target = y.Floats;
            var columns = x.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
                L2NormalizeKernel.Run(path, source.Slice(row * columns, columns), epsilon, target.Slice(row * columns, columns));
        }
    }
}
