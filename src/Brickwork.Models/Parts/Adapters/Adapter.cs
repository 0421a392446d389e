namespace Brickwork.Models.Parts.Adapters;

/// <summary>A part of a brick: it stands in a slot around what stood there before, and can be taken away again.</summary>
/// <param name="Brick">The id of the brick it belongs to.</param>
/// <param name="Base">What stood in the slot.</param>
abstract record Adapter(string Brick, IPart Base) : IPart
{
    /// <summary>How strongly the brick works where a sequence does not say; 0 = not at all, 1 = as it was made.</summary>
    public float Strength { get; init; } = 1;

    /// <summary>What can be trained: whole tensors of the brick under their names there, F32 where they are being trained and else as they are stored. Parts whose projections share a tensor of the model share these, too.</summary>
    public IReadOnlyList<(string Name, Tensor Values)> Weights { get; init; } = [];

    /// <summary>Why no router can weigh it row by row, in words that follow "it"; null where one can.</summary>
    public abstract string? Unroutable { get; }

    /// <summary>Whether strengths between 0 and 1, and beyond, mean something.</summary>
    public virtual bool HasStrengths => true;

    public virtual bool HasGradient => true;

    public virtual IReadOnlyList<Slot> Slots => [new("base", Base, part => this with { Base = part })];

    public abstract Tensor Forward(Tensor input, ForwardContext context);

    /// <summary>The name that a slot has where no brick is plugged: without the names of slots inside adapters.</summary>
    public static SlotPath PlainName(SlotPath path) => string.Join('.', path.Text.Split('.').Where(name => name is not ("base" or "now")));

    /// <summary>The innermost part: what stood in the slot before any brick was plugged.</summary>
    public static IPart Innermost(IPart part) => part is Adapter adapter ? Innermost(adapter.Base) : part;
}
