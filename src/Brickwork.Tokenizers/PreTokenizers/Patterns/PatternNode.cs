namespace Brickwork.Tokenizers.PreTokenizers.Patterns;

/// <summary>A parsed pattern.</summary>
abstract record PatternNode
{
    public sealed record Set(CodePointSet CodePoints) : PatternNode;

    public sealed record Sequence(IReadOnlyList<PatternNode> Items) : PatternNode;

    public sealed record Choice(IReadOnlyList<PatternNode> Options) : PatternNode;

    /// <param name="Body">What is repeated.</param>
    /// <param name="Least">At least so often.</param>
    /// <param name="Most">At most so often; null is without end.</param>
    /// <param name="Greed">Whether it takes much, takes little, or never gives back.</param>
    public sealed record Repeat(PatternNode Body, int Least, int? Most, Greed Greed) : PatternNode;

    public sealed record Look(PatternNode Body, bool Behind, bool Negated) : PatternNode;

    public sealed record Atomic(PatternNode Body) : PatternNode;

    public sealed record Anchor(AnchorKind Kind) : PatternNode;

    /// <summary>How many code points the node always takes, or null where that varies.</summary>
    public int? Width => this switch
    {
        Set => 1,
        Anchor or Look => 0,
        Atomic atomic => atomic.Body.Width,
        Sequence sequence => sequence.Items.Aggregate((int?)0, (sum, item) => sum + item.Width),
        Choice choice => choice.Options.Select(option => option.Width).Distinct().ToArray() is [var width] ? width : null,
        Repeat repeat when repeat.Least == repeat.Most => repeat.Body.Width * repeat.Least,
        _ => null,
    };
}

/// <summary>How a repetition takes.</summary>
enum Greed
{
    Much,
    Little,
    Possessive,
}

/// <summary>A condition on a place in the text.</summary>
enum AnchorKind
{
    Start,
    End,
    EndBeforeNewline,
    WordBoundary,
    NoWordBoundary,
}
