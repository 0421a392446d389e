namespace Brickwork.Models.Parts.Adapters;

/// <summary>An adapter that changes what its base gives, and nothing else: projections that run together may still do so.</summary>
abstract record OutputAdapter(string Brick, IPart Base) : Adapter(Brick, Base)
{
    /// <inheritdoc/>
    public sealed override string? Unroutable => null;

    /// <summary>What is below the adapters that <see cref="Finish"/> does together.</summary>
    public virtual IPart Rest => Base;

    public sealed override Tensor Forward(Tensor input, ForwardContext context) => Finish(input, Rest.Forward(input, context), context);

    /// <summary>Changes what <see cref="Rest"/> gave for these inputs, in its place unless a tape needs what it was.</summary>
    /// <param name="input">[T, in].</param>
    /// <param name="output">[T, out].</param>
    /// <param name="context">The pass.</param>
    /// <remarks>Rows under other strengths are runs of their own; the bits of a row depend on that row only.</remarks>
    public virtual Tensor Finish(Tensor input, Tensor output, ForwardContext context)
    {
        if (context.StrengthOf(this) is { } strength)
            return Run(input, output, strength, context);
        var table = context.BrickRows;
        for (var run = 0; run < table.Ids.Length; run++)
        {
            var (first, count) = table[run];
            Run(input.SliceRows(first, count), output.SliceRows(first, count), context.StrengthOf(this, table.Ids[run]), context);
        }
        return output;
    }

    /// <summary>Changes rows that each have a strength of their own, with the bits that a pass of each row alone would give.</summary>
    public virtual void ChangeRows(Tensor input, Tensor output, ReadOnlySpan<float> strengths, ForwardContext context)
    {
        for (var row = 0; row < strengths.Length; row++)
        {
            var changed = Run(input.SliceRows(row, 1), output.SliceRows(row, 1), strengths[row], context);
            changed.Row(0).CopyTo(output.Row(row));
        }
    }

    /// <summary>Changes rows that are under the same strength, which is not 0.</summary>
    protected abstract Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context);

    /// <summary>Changes rows that are under the same strength.</summary>
    public Tensor Run(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        if (strength == 0 || output.Rows == 0)
            return output;
        using var scope = context.Mark();
        return Change(input, output, strength, context);
    }
}
