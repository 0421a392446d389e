using Brickwork.Kernels.Elementwise;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class AddRow
{
    /// <summary>Adds the sum over all rows to the gradient of the row; that of the matrix is the gradient of the result already.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="dSum">[T, D], the gradient of the result.</param>
    /// <param name="dRow">[D], added to.</param>
    public static void Backward(Compute compute, in Tensor dSum, in Tensor dRow)
    {
        RowWork.RequireColumns(dRow, dSum.Columns);
        ColumnSums.Run(compute, dSum.Rows, dSum.Columns, new BackwardWork(compute.InstructionSet, dSum), dRow);
    }

    /// <summary>Records what <see cref="Run"/> did, if any of it is wanted.</summary>
    public static void Record(Tape tape, in Tensor a, in Tensor row)
    {
        if (tape.Wants(row))
            tape.Record(a, new Step(a, row));
    }

    sealed class Step(Tensor sum, Tensor row) : IGradient
    {
        public void Backward(Tape tape) => AddRow.Backward(tape.Compute, tape.Gradient(sum), tape.Gradient(row));
    }

    readonly struct BackwardWork(InstructionSet path, Tensor dSum) : IColumnSumWork
    {
        public void Run(int firstRow, int rows, Span<float> dRow, Span<float> unused)
        {
            var terms = dSum.Floats.Slice(firstRow * dRow.Length, rows * dRow.Length);
            for (; !terms.IsEmpty; terms = terms[dRow.Length..])
                ElementwiseKernel.Add(path, dRow, terms[..dRow.Length], dRow);
        }
    }
}
