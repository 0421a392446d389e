using Brickwork.Kernels.Softmax;

namespace Brickwork.Tensors.Operations;

/// <summary>Every row turned into shares of one.</summary>
static partial class Softmax
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, N].</param>
    /// <param name="y">[T, N]; may be the memory of x.</param>
    public static void Run(Compute compute, in Tensor x, in Tensor y)
    {
        RowWork.RequireSameShape(x, y);
        RowWork.Run(compute, x.Rows, x.Columns, new Work(compute.InstructionSet, x, y));
    }

    readonly struct Work(InstructionSet path, Tensor x, Tensor y) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var source = x.Floats;
            var target = y.Floats;
            var columns = x.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
                SoftmaxKernel.Run(path, source.Slice(row * columns, columns), target.Slice(row * columns, columns));
        }
    }
}
