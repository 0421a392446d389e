namespace Brickwork.Models.Parts.Adapters;

/// <summary>l ⊙ y: the form of (IA)³ for keys and values (Liu et al. 2022). A strength s works as 1 + s·(l − 1).</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The projection.</param>
sealed record ScaledOutput(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    /// <summary>l, [out].</summary>
    public required Tensor Factors { get; init; }

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context) =>
        context.Product(output, Of(Factors, strength, context));

    /// <summary>The factors that a strength makes of others, [1, n].</summary>
    public static Tensor Of(Tensor factors, float strength, ForwardContext context)
    {
        var row = factors.Reshape(1, factors.Shape.Count);
        if (strength == 1)
            return row;
        var some = context.Take(1, row.Columns);
        for (var index = 0; index < some.Columns; index++)
            some.Floats[index] = 1 + strength * (row.Floats[index] - 1);
        return some;
    }
}

/// <summary>W·(l ⊙ x): the form of (IA)³ for the last projection of a feed-forward part (Liu et al. 2022).</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The projection.</param>
sealed record ScaledInput(string Brick, IPart Base) : Adapter(Brick, Base)
{
    /// <summary>l, [in].</summary>
    public required Tensor Factors { get; init; }

    public override string? Unroutable => "scales what the projection takes, which all bricks of a route share";

    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (context.StrengthOf(this) is { } shared)
            return Base.Forward(shared == 0 ? input : context.Product(context.Own(input), ScaledOutput.Of(Factors, shared, context)), context);
        var (scaled, table) = (context.Own(input), context.BrickRows);
        for (var run = 0; run < table.Ids.Length; run++)
            if (context.StrengthOf(this, table.Ids[run]) is not 0 and var strength)
                context.Product(scaled.SliceRows(table[run].First, table[run].Count), ScaledOutput.Of(Factors, strength, context));
        return Base.Forward(scaled, context);
    }
}
