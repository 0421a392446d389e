using Brickwork.Kernels.Elementwise;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class Multiply
{
    /// <summary>Adds to the gradients of both factors.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="a">[T, D], as it was before.</param>
    /// <param name="b">[T, D], or [D] for every row.</param>
    /// <param name="dy">[T, D], the gradient of the product.</param>
    /// <param name="da">[T, D], added to; null = not wanted.</param>
    /// <param name="db">As b, added to; null = not wanted.</param>
    public static void Backward(Compute compute, in Tensor a, in Tensor b, in Tensor dy, in Tensor? da, in Tensor? db)
    {
        RowWork.RequireSameShape(a, dy);
        RequireFactor(a, b);
        ColumnSums.Run(compute, a.Rows, a.Columns, new BackwardWork(compute.InstructionSet, a, b, dy, da, db), b.Rows == 1 ? db : null);
    }

    /// <summary>Records what <see cref="Run(Compute, in Tensor, in Tensor, in Tensor)"/> did, if any of it is wanted.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="a">[T, D].</param>
    /// <param name="b">[T, D], or [D] for every row.</param>
    /// <param name="y">[T, D]; the memory of a only where the gradient of b is not wanted.</param>
    public static void Record(Tape tape, in Tensor a, in Tensor b, in Tensor y)
    {
        if (y.IsSameAs(a) && tape.Wants(b))
            throw new ArgumentException("The product replaced a factor that the gradient of the other one needs.", nameof(y));
        if (tape.Wants(a) || tape.Wants(b))
            tape.Record(y, new Step(a, b, y));
    }

    sealed class Step(Tensor a, Tensor b, Tensor y) : IGradient
    {
        public void Backward(Tape tape)
        {
            if (y.IsSameAs(a))
                Run(tape.Compute, tape.Gradient(a), b);
            else
                Multiply.Backward(tape.Compute, a, b, tape.Gradient(y), tape.TryGradient(a), tape.TryGradient(b));
        }
    }

    readonly struct BackwardWork(InstructionSet path, Tensor a, Tensor b, Tensor dy, Tensor? da, Tensor? db) : IColumnSumWork
    {
        public void Run(int firstRow, int rows, Span<float> sums, Span<float> unused)
        {
            var columns = a.Columns;
            var factors = b.Floats;
            var slopes = da is { } given ? given.Floats : default;
            var others = db is { } wanted && b.Rows != 1 ? wanted.Floats : default;
            for (var first = firstRow * columns; first < (firstRow + rows) * columns; first += columns)
                ElementwiseKernel.MultiplyBackward(
                    path, a.Floats.Slice(first, columns), b.Rows == 1 ? factors : factors.Slice(first, columns),
                    dy.Floats.Slice(first, columns), slopes.IsEmpty ? slopes : slopes.Slice(first, columns),
                    others.IsEmpty ? sums : others.Slice(first, columns));
        }
    }
}
