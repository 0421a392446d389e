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
        var output = context.Scale(LookUp(Tokens, rows.Tokens, context), Scale);      // [T, D]
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
            context.AddTo(output, LookUp(types, first, context));
        }
        if (Positions is { } positions)
        {
            using var scope = context.Mark();
            context.AddTo(output, LookUp(positions, context.Rows.Positions.Span, context));
        }
    }

    static Tensor LookUp(Tensor table, ReadOnlySpan<int> places, ForwardContext context)
    {
        var output = context.Take(places.Length, table.Columns);
        for (var row = 0; row < places.Length; row++)
            Dequantizer.Run(table.Type, table.RowSpan(places[row], 1), output.Row(row));
        if (context.Tape is { } tape)
            Gather.Record(tape, table, places, output);
        return output;
    }
}
