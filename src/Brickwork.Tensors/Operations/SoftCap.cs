using Brickwork.Kernels.Elementwise;

namespace Brickwork.Tensors.Operations;

/// <summary>a = cap · tanh(a / cap).</summary>
static partial class SoftCap
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D], changed.</param>
    /// <param name="cap">Positive.</param>
    public static void Run(Compute compute, in Tensor a, float cap) =>
        RowWork.Run(compute, a.Rows, a.Columns, new Work(compute.InstructionSet, a, cap));

    readonly struct Work(InstructionSet path, Tensor a, float cap) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var values = a.Floats;
            var columns = a.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var value = values.Slice(row * columns, columns);
                ElementwiseKernel.SoftCap(path, value, cap, value);
            }
        }
    }
}
