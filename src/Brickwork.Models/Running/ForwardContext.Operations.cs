using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Weights;

namespace Brickwork;

/// <summary>What parts compute with: each operation is run, and told to the tape where there is one.</summary>
public sealed partial class ForwardContext
{
    /// <summary>x·Wᵀ in F32, whatever the weights are stored as: [T, in] and [out, in] → [T, out].</summary>
    internal Tensor Multiply(Tensor x, Tensor weight)
    {
        var y = Take(x.Rows, weight.Rows);
        if (Rows.Lengths is null)
            MatMul.Run(Compute, x, weight, y);
        else
            Gemm.Run(Compute, Transposes.Second, x, weight, y);
        if (Tape is not null)
            MatMul.Record(Tape, x, weight, y);
        return y;
    }

    /// <summary>The same with weights that are kept in few bits.</summary>
    internal Tensor Multiply(Tensor x, CodedMatrix weight)
    {
        var y = Take(x.Rows, weight.Rows);
        if (Rows.Lengths is null)
            CodedProduct.Run(Compute, x, weight, y);
        else
            CodedProduct.RunWhole(Compute, x, weight, y);
        if (Tape is not null)
            CodedProduct.Record(Tape, x, weight, y);
        return y;
    }

    /// <summary>a times a factor [1] that can be trained.</summary>
    internal Tensor ScaleBy(Tensor a, Tensor factor)
    {
        if (Tape is null)
            return Scale(a, factor.Floats[0]);
        var y = Take(a.Rows, a.Columns);
        Tensors.Operations.ScaleBy.Run(Compute, a, factor, y);
        Tensors.Operations.ScaleBy.Record(Tape, a, factor, y);
        return y;
    }

    /// <summary>a + b, in the memory of a unless a tape still needs what a was.</summary>
    internal Tensor Sum(Tensor a, Tensor b)
    {
        if (Tape is null)
            return AddTo(a, b);
        var sum = Take(a.Rows, a.Columns);
        Add.Run(Compute, a, b, sum);
        Add.Record(Tape, a, b, sum);
        return sum;
    }

    /// <summary>a += b, where no tape needs what a was.</summary>
    internal Tensor AddTo(Tensor a, Tensor b)
    {
        Add.Run(Compute, a, b);
        if (Tape is not null)
            Add.Record(Tape, a, b, a);
        return a;
    }

    /// <summary>a += row, for every row of a.</summary>
    internal Tensor AddRowTo(Tensor a, Tensor row)
    {
        AddRow.Run(Compute, a, row);
        if (Tape is not null)
            AddRow.Record(Tape, a, row);
        return a;
    }

    /// <summary>a · b, value by value, in the memory of a unless a tape still needs what a was.</summary>
    /// <param name="a">[T, D].</param>
    /// <param name="b">[T, D], or [1, D] for every row.</param>
    internal Tensor Product(Tensor a, Tensor b)
    {
        if (Tape is null)
        {
            Tensors.Operations.Multiply.Run(Compute, a, b);
            return a;
        }
        var product = Take(a.Rows, a.Columns);
        Tensors.Operations.Multiply.Run(Compute, a, b, product);
        Tensors.Operations.Multiply.Record(Tape, a, b, product);
        return product;
    }

    /// <summary>a times a factor, in its own memory.</summary>
    internal Tensor Scale(Tensor a, float factor)
    {
        if (factor == 1)
            return a;
        Tensors.Operations.Scale.Run(Compute, a, factor);
        if (Tape is not null)
            Tensors.Operations.Scale.Record(Tape, a, factor);
        return a;
    }

    /// <summary>Every row turned into shares of one.</summary>
    internal Tensor Shares(Tensor scores)
    {
        var shares = Take(scores.Rows, scores.Columns);
        Softmax.Run(Compute, scores, shares);
        if (Tape is not null)
            Softmax.Record(Tape, scores, shares);
        return shares;
    }

    /// <summary>f(gate), or f(gate) · up, in the memory of the gate unless a tape still needs it.</summary>
    internal Tensor Activate(ActivationKind kind, Tensor gate, Tensor? up = null)
    {
        var output = Tape is null ? gate : Take(gate.Rows, gate.Columns);
        Activation.Run(Compute, kind, gate, up, output);
        if (Tape is not null)
            Activation.Record(Tape, kind, gate, up, output);
        return output;
    }

    /// <summary>Rows of a matrix of F32: [N, D].</summary>
    internal Tensor Choose(Tensor x, ReadOnlySpan<int> rows)
    {
        var chosen = Gather.Run(x, rows, Take(rows.Length, x.Columns));
        if (Tape is not null)
            Gather.Record(Tape, x, rows, chosen);
        return chosen;
    }

    /// <summary>Turns some or all values of each head by the positions of the rows, in place.</summary>
    internal void Rotate(Tensor rows, RopeTable table, int heads, int headWidth, int offset = 0)
    {
        Rope.Run(Compute, rows, Rows.Positions, table, heads, headWidth, offset);
        if (Tape is not null)
            Rope.Record(Tape, rows, Rows.Positions, table, heads, headWidth, offset);
    }

    /// <summary>Copies columns to columns of a matrix all of whose columns come to it like this.</summary>
    internal void CopyColumns(Tensor x, int first, int count, Tensor y, int at)
    {
        ColumnCopy.Run(x, first, count, y, at);
        if (Tape is not null)
            ColumnCopy.Record(Tape, x, first, count, y, at);
    }

    /// <summary>Some columns as a matrix of their own: [T, in] → [T, count].</summary>
    internal Tensor ChooseColumns(Tensor x, int first, int count)
    {
        var chosen = Take(x.Rows, count);
        CopyColumns(x, first, count, chosen, 0);
        return chosen;
    }

    /// <summary>Puts rows where they belong in a matrix all of whose rows come to it like this.</summary>
    internal void Place(Tensor rows, ReadOnlySpan<int> places, Tensor matrix)
    {
        Scatter.Run(rows, places, matrix);
        if (Tape is not null)
            Scatter.Record(Tape, rows, places, matrix);
    }

    /// <summary>Each run of U rows added up by its weights: [T·U, D] and [T, U] → [T, D].</summary>
    /// <param name="rows">[T·U, D].</param>
    /// <param name="weights">[T, U]; null = all are 1.</param>
    /// <param name="sums">[T, D], memory of its own.</param>
    internal Tensor AddUp(Tensor rows, Tensor? weights, Tensor sums)
    {
        WeightedSum.Run(Compute, rows, weights, sums);
        if (Tape is not null)
            WeightedSum.Record(Tape, rows, weights, sums);
        return sums;
    }

    /// <summary>Rows that may be changed in place: copies, unless there is a tape, on which nothing is changed in place.</summary>
    internal Tensor Own(Tensor rows)
    {
        if (Tape is not null)
            return rows;
        var copy = Take(rows.Rows, rows.Columns);
        rows.Floats.CopyTo(copy.Floats);
        return copy;
    }
}
