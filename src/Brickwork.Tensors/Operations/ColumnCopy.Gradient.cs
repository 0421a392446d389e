using Brickwork.Kernels.Elementwise;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class ColumnCopy
{
    /// <summary>Adds to the gradient of x.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="dy">[T, out], the gradient of all columns.</param>
    /// <param name="at">Where the copied columns begin in it.</param>
    /// <param name="count">How many.</param>
    /// <param name="dx">[T, in], added to.</param>
    /// <param name="first">Where they begin there.</param>
    public static void Backward(Compute compute, in Tensor dy, int at, int count, in Tensor dx, int first)
    {
        if (dx.Rows != dy.Rows)
            throw new ArgumentException($"{dx} and {dy} differ in rows.", nameof(dx));
        RowWork.Run(compute, dy.Rows, count, new BackwardWork(compute.InstructionSet, dy, at, count, dx, first));
    }

    /// <summary>Records what <see cref="Run"/> did, if it is wanted. All columns of y come from steps like this one.</summary>
    public static void Record(Tape tape, in Tensor x, int first, int count, in Tensor y, int at)
    {
        if (tape.Wants(x))
            tape.Record(y, new Step(x, first, count, y, at));
    }

    sealed class Step(Tensor x, int first, int count, Tensor y, int at) : IGradient
    {
        public void Backward(Tape tape) => ColumnCopy.Backward(tape.Compute, tape.Gradient(y), at, count, tape.Gradient(x), first);
    }

    readonly struct BackwardWork(InstructionSet path, Tensor dy, int at, int count, Tensor dx, int first) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var sum = dx.Row(row).Slice(first, count);
                ElementwiseKernel.Add(path, sum, dy.Row(row).Slice(at, count), sum);
            }
        }
    }
}
