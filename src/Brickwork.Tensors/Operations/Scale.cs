using Brickwork.Kernels.Elementwise;

namespace Brickwork.Tensors.Operations;

/// <summary>a *= factor.</summary>
static partial class Scale
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D], changed.</param>
    /// <param name="factor">One factor for all.</param>
    public static void Run(Compute compute, in Tensor a, float factor)
    {
        if (factor != 1)
            RowWork.Run(compute, a.Rows, a.Columns, new Work(compute.InstructionSet, a, factor));
    }

    readonly struct Work(InstructionSet path, Tensor a, float factor) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var values = a.Floats;
            var columns = a.Columns;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var value = values.Slice(row * columns, columns);
                ElementwiseKernel.Scale(path, value, factor, value);
            }
        }
    }
}
