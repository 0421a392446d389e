using Brickwork.Kernels.Elementwise;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class SoftCap
{
    /// <summary>The gradient of the capped values becomes that of a, in place; the capped values are all it takes.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="y">[T, D], the capped values.</param>
    /// <param name="cap">Positive.</param>
    /// <param name="da">[T, D], changed.</param>
    public static void Backward(Compute compute, in Tensor y, float cap, in Tensor da)
    {
        RowWork.RequireSameShape(y, da);
        RowWork.Run(compute, y.Rows, y.Columns, new BackwardWork(compute.InstructionSet, y, cap, da));
    }

    /// <summary>Records what <see cref="Run"/> did, if it is wanted.</summary>
    public static void Record(Tape tape, in Tensor a, float cap)
    {
        if (tape.Wants(a))
            tape.Record(a, new Step(a, cap));
    }

    sealed class Step(Tensor a, float cap) : IGradient
    {
        public void Backward(Tape tape) => SoftCap.Backward(tape.Compute, a, cap, tape.Gradient(a));
    }

    readonly struct BackwardWork(InstructionSet path, Tensor y, float cap, Tensor da) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var (first, count) = (firstRow * y.Columns, rows * y.Columns);
            ElementwiseKernel.SoftCapBackward(path, y.Floats.Slice(first, count), cap, da.Floats.Slice(first, count));
        }
    }
}
