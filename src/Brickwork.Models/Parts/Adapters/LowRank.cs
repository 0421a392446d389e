using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>Products of adapters: F32, recorded where a tape runs.</summary>
static class LowRank
{
    /// <summary>x·Wᵀ: [T, in] and [out, in] → [T, out].</summary>
    public static Tensor Product(Tensor x, Tensor weight, ForwardContext context)
    {
        var y = context.Take(x.Rows, weight.Rows);
        if (context.Rows.Lengths is null)
            MatMul.Run(context.Compute, x, weight, y);
        else
            Gemm.Run(context.Compute, Transposes.Second, x, weight, y);
        if (context.Tape is { } tape)
            MatMul.Record(tape, x, weight, y);
        return y;
    }

    /// <summary>output += other, in the memory of the output.</summary>
    public static Tensor AddTo(Tensor output, Tensor other, ForwardContext context)
    {
        Add.Run(context.Compute, output, other);
        if (context.Tape is { } tape)
            Add.Record(tape, output, other, output);
        return output;
    }

    /// <summary>output += row, for every row.</summary>
    public static void AddRowTo(Tensor output, Tensor row, ForwardContext context)
    {
        AddRow.Run(context.Compute, output, row);
        if (context.Tape is { } tape)
            AddRow.Record(tape, output, row);
    }

    /// <summary>A copy of rows that may be changed; on a tape, rows are never changed in place, so there it is the rows themselves.</summary>
    public static Tensor Own(Tensor rows, ForwardContext context)
    {
        if (context.Tape is not null)
            return rows;
        var copy = context.Take(rows.Rows, rows.Columns);
        rows.Floats.CopyTo(copy.Floats);
        return copy;
    }
}
