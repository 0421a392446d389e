using Brickwork.Kernels.Softmax;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class Softmax
{
    /// <summary>Adds to the gradient of x; the output is all it takes.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="y">[T, N], the output.</param>
    /// <param name="dy">[T, N], its gradient.</param>
    /// <param name="dx">[T, N], added to.</param>
    public static void Backward(Compute compute, in Tensor y, in Tensor dy, in Tensor dx)
    {
        RowWork.RequireSameShape(y, dy);
        RowWork.RequireSameShape(y, dx);
        RowWork.Run(compute, y.Rows, y.Columns, new BackwardWork(compute.InstructionSet, y, dy, dx));
    }

    /// <summary>Records what <see cref="Run"/> did, if it is wanted; y is not the memory of x then.</summary>
    public static void Record(Tape tape, in Tensor x, in Tensor y)
    {
        if (tape.Wants(x))
            tape.Record(y, new Step(x, y));
    }

    sealed class Step(Tensor x, Tensor y) : IGradient
    {
        public void Backward(Tape tape) => Softmax.Backward(tape.Compute, y, tape.Gradient(y), tape.Gradient(x));
    }

    readonly struct BackwardWork(InstructionSet path, Tensor y, Tensor dy, Tensor dx) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            for (var row = firstRow; row < firstRow + rows; row++)
                SoftmaxKernel.Backward(path, y.Row(row), dy.Row(row), dx.Row(row));
        }
    }
}
