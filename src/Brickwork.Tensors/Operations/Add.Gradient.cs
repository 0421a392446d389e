using Brickwork.Kernels.Elementwise;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class Add
{
    /// <summary>Adds the gradient of the sum to those of a and b.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="dSum">[T, D].</param>
    /// <param name="da">[T, D], added to; null = not wanted, or the sum replaced a, so that it has this gradient already.</param>
    /// <param name="db">[T, D], added to; null = not wanted.</param>
    public static void Backward(Compute compute, in Tensor dSum, in GradientSum? da, in GradientSum? db)
    {
        if (da is { } first)
            RowWork.RequireSameShape(dSum, first.Place);
        if (db is { } second)
            RowWork.RequireSameShape(dSum, second.Place);
        RowWork.Run(compute, dSum.Rows, dSum.Columns, new BackwardWork(compute.InstructionSet, dSum, da, db));
    }

    /// <summary>Records what <see cref="Run(Compute, in Tensor, in Tensor, in Tensor)"/> did, if any of it is wanted.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="a">[T, D].</param>
    /// <param name="b">[T, D].</param>
    /// <param name="sum">[T, D]; may be the memory of a.</param>
    public static void Record(Tape tape, in Tensor a, in Tensor b, in Tensor sum)
    {
        if (tape.Wants(a) || tape.Wants(b))
            tape.Record(sum, new Step(a, b, sum));
    }

    sealed class Step(Tensor a, Tensor b, Tensor sum) : IGradient
    {
        public void Backward(Tape tape) => Add.Backward(
            tape.Compute, tape.Gradient(sum), sum.IsSameAs(a) ? null : tape.TrySum(a), tape.TrySum(b));
    }

    readonly struct BackwardWork(InstructionSet path, Tensor dSum, GradientSum? da, GradientSum? db) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var (first, count) = (firstRow * dSum.Columns, rows * dSum.Columns);
            ElementwiseKernel.AddToBoth(path, dSum.Floats.Slice(first, count), GradientSum.Part(da, first, count), GradientSum.Part(db, first, count));
        }
    }
}
