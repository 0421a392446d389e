using Brickwork.Kernels.Elementwise;

namespace Brickwork.Tensors.Operations;

/// <summary>Values added one by one.</summary>
static partial class Add
{
    /// <summary>a += b.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D], changed.</param>
    /// <param name="b">[T, D].</param>
    public static void Run(Compute compute, in Tensor a, in Tensor b) => Run(compute, a, b, a);

    /// <summary>sum = a + b.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D].</param>
    /// <param name="b">[T, D].</param>
    /// <param name="sum">[T, D]; may be the memory of either.</param>
    public static void Run(Compute compute, in Tensor a, in Tensor b, in Tensor sum)
    {
        RowWork.RequireSameShape(a, b);
        RowWork.RequireSameShape(a, sum);
        RowWork.Run(compute, a.Rows, a.Columns, new Work(compute.InstructionSet, a, b, sum));
    }

    readonly struct Work(InstructionSet path, Tensor a, Tensor b, Tensor sum) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var (first, count) = (firstRow * a.Columns, rows * a.Columns);
            ElementwiseKernel.Add(path, a.Floats.Slice(first, count), b.Floats.Slice(first, count), sum.Floats.Slice(first, count));
        }
    }
}
