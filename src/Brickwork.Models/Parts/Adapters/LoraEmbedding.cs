namespace Brickwork.Models.Parts.Adapters;

/// <summary>Token rows plus s·B·a, where a is the token's row of A: a low-rank change of the embedding, not of a head that shares it.</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The embedding; nothing but sums and a factor may follow its table.</param>
sealed record LoraEmbedding(string Brick, IPart Base) : Adapter(Brick, Base)
{
    /// <summary>A, [V, r].</summary>
    public required Tensor Down { get; init; }

    /// <summary>B, [D, r].</summary>
    public required Tensor Up { get; init; }

    /// <summary>s, times the factor that the embedding has on its own rows.</summary>
    public float Factor { get; init; } = 1;

    public override string? Unroutable => "changes the rows of tokens, before there is a row that a router could look at";

    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = Base.Forward(input, context);                              // [T, D]
        if (context.StrengthOf(this) is { } strength)
            return Change(output, 0, strength, context);
        var table = context.BrickRows;
        for (var run = 0; run < table.Ids.Length; run++)
        {
            var (first, count) = table[run];
            Change(output.SliceRows(first, count), first, context.StrengthOf(this, table.Ids[run]), context);
        }
        return output;
    }

    Tensor Change(Tensor output, int firstRow, float strength, ForwardContext context)
    {
        if (strength == 0 || output.Rows == 0)
            return output;
        using var scope = context.Mark();
        var tokens = context.Rows.Tokens.Slice(firstRow, output.Rows);
        var low = context.Scale(context.Choose(Down, tokens), strength * Factor);           // [T, r]
        return context.AddTo(output, context.Multiply(low, Up));
    }
}
