using Brickwork.Kernels.Elementwise;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class Scatter
{
    /// <summary>Adds to the gradient of x: dx[i] += dy[rows[i]].</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="rows">[N].</param>
    /// <param name="dy">[T, D], the gradient of all rows.</param>
    /// <param name="dx">[N, D], added to.</param>
    public static void Backward(Compute compute, ReadOnlyMemory<int> rows, in Tensor dy, in GradientSum dx)
    {
        RowWork.RequireColumns(dx.Place.Rows == 0 ? null : dx.Place.SliceRows(0, 1), dy.Columns);
        if (rows.Length != dx.Place.Rows)
            throw new ArgumentException($"{dx.Place} is not one row for each of {rows.Length}.", nameof(dx));
        RowWork.Run(compute, rows.Length, dy.Columns, new BackwardWork(compute.InstructionSet, rows, dy, dx));
    }

    /// <summary>Records what <see cref="Run"/> did, if it is wanted. All rows of y come from steps like this one.</summary>
    public static void Record(Tape tape, in Tensor x, ReadOnlySpan<int> rows, in Tensor y)
    {
        if (tape.Wants(x))
            tape.Record(y, new Step(x, rows.ToArray(), y));
    }

    sealed class Step(Tensor x, int[] rows, Tensor y) : IGradient
    {
        public void Backward(Tape tape) => Scatter.Backward(tape.Compute, rows, tape.Gradient(y), tape.TrySum(x)!.Value);
    }

    readonly struct BackwardWork(InstructionSet path, ReadOnlyMemory<int> rows, Tensor dy, GradientSum dx) : IRowWork
    {
        public void Run(int firstRow, int count)
        {
            for (var row = firstRow; row < firstRow + count; row++)
            {
                var sum = dx.Part(row * dy.Columns, dy.Columns);
                ElementwiseKernel.Add(path, sum, dy.Row(rows.Span[row]), sum);
            }
        }
    }
}
