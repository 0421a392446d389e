using Brickwork.Kernels.Blocks;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>The rows of the pass's tokens, with learned positions, segment type, scale and norm where the family has them.</summary>
/// <param name="Tokens">[V, D] in any storage type.</param>
sealed record Embedding(Tensor Tokens) : IPart
{
    /// <summary>[P, D], added by position; null = none.</summary>
    public Tensor? Positions { get; init; }

    /// <summary>[S, D]; row 0 is added to every token; null = none.</summary>
    public Tensor? TokenTypes { get; init; }

    /// <summary>A factor on the token rows.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Applied last; null = none.</summary>
    public IPart? Norm { get; init; }

    /// <summary>The number of learned positions, if they are learned.</summary>
    public int? MaxPosition => Positions?.Rows;

    public bool HasGradient => true;

    public IReadOnlyList<Slot> Slots => [.. Slot.Optional("norm", Norm, part => this with { Norm = part })];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var rows = context.Rows;
        var output = context.Take(rows.Count, Tokens.Columns);              // [T, D]
        for (var row = 0; row < rows.Count; row++)
            Dequantizer.Run(Tokens.Type, Tokens.RowSpan(rows.Tokens[row], 1), output.Row(row));
        if (context.Tape is { } tape)
            Gather.Record(tape, Tokens, rows.Tokens, output);
        context.Scale(output, Scale);
        AddPositions(output, context);
        return Norm?.Forward(output, context) ?? output;
    }

    void AddPositions(Tensor output, ForwardContext context)
    {
        if (TokenTypes is { } types)
        {
            using var scope = context.Mark();
            var first = context.TakeIntegers(output.Rows);
            first.Clear();
            AddRows(types, first, output, context);
        }
        if (Positions is { } positions)
            AddRows(positions, context.Rows.Positions.Span, output, context);
    }

    static void AddRows(Tensor table, ReadOnlySpan<int> places, Tensor output, ForwardContext context)
    {
        using var scope = context.Mark();
        var extra = context.Take(output.Rows, output.Columns);
        for (var row = 0; row < output.Rows; row++)
            Dequantizer.Run(table.Type, table.RowSpan(places[row], 1), extra.Row(row));
        Add.Run(context.Compute, output, extra);
        if (context.Tape is not { } tape)
            return;
        Gather.Record(tape, table, places, extra);
        Add.Record(tape, output, extra, output);
    }
}
