namespace Brickwork.Models.Parts.Adapters;

/// <summary>Another part in place of the one that stood in the slot, such as a whole projection that was trained with an adapter.</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">What stood there; it rests until the brick is unplugged.</param>
/// <param name="Now">What works instead.</param>
sealed record ReplacedPart(string Brick, IPart Base, IPart Now) : Adapter(Brick, Base)
{
    public override string? Unroutable => "puts other weights in the place of the model's, which work in full or not at all";

    /// <summary>One part or the other.</summary>
    public override bool HasStrengths => false;

    public override bool HasGradient => Now.HasGradient;

    public override IReadOnlyList<Slot> Slots => [new("base", Base, part => this with { Base = part }), new("now", Now, part => this with { Now = part })];

    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (context.StrengthOf(this) is { } strength)
            return (strength == 0 ? Base : Now).Forward(input, context);
        var (before, now) = (Base.Forward(input, context), Now.Forward(input, context));
        var table = context.BrickRows;
        for (var run = 0; run < table.Ids.Length; run++)
            if (context.StrengthOf(this, table.Ids[run]) != 0)
                now.SliceRows(table[run].First, table[run].Count).Floats.CopyTo(before.SliceRows(table[run].First, table[run].Count).Floats);
        return before;
    }
}
