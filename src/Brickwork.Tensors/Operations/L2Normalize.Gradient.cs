using Brickwork.Kernels.RmsNorm;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class L2Normalize
{
    /// <summary>Adds to the gradient of x.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, D], as it was before.</param>
    /// <param name="epsilon">The smallest divisor.</param>
    /// <param name="dy">[T, D], the gradient of the output.</param>
    /// <param name="dx">[T, D], added to.</param>
    public static void Backward(Compute compute, in Tensor x, float epsilon, in Tensor dy, in Tensor dx)
    {
        RowWork.RequireSameShape(x, dy);
        RowWork.RequireSameShape(x, dx);
        RowWork.Run(compute, x.Rows, x.Columns, new BackwardWork(compute.InstructionSet, x, epsilon, dy, dx));
    }

    /// <summary>Records what <see cref="Run"/> did, if it is wanted; y is not the memory of x then.</summary>
    public static void Record(Tape tape, in Tensor x, float epsilon, in Tensor y)
    {
        if (tape.Wants(x))
            tape.Record(y, new Step(x, epsilon, y));
    }

    sealed class Step(Tensor x, float epsilon, Tensor y) : IGradient
    {
        public void Backward(Tape tape) => L2Normalize.Backward(tape.Compute, x, epsilon, tape.Gradient(y), tape.Gradient(x));
    }

    readonly struct BackwardWork(InstructionSet path, Tensor x, float epsilon, Tensor dy, Tensor dx) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            for (var row = firstRow; row < firstRow + rows; row++)
                L2NormalizeKernel.Backward(path, x.Row(row), epsilon, dy.Row(row), dx.Row(row));
        }
    }
}
