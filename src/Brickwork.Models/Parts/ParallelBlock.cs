namespace Brickwork.Models.Parts;

/// <summary>x ← x + attention(norm(x)) + feedForward(norm(x)): both halves see the same x (Wang &amp; Komatsuzaki 2021).</summary>
/// <remarks>Changes its input in place unless a tape needs it: the hidden rows of a pass live in one buffer.</remarks>
sealed record ParallelBlock : IPart
{
    public bool HasGradient => true;

    public required IPart AttentionNorm { get; init; }

    public required IPart Attention { get; init; }

    /// <summary>Null = the feed-forward part sees what the attention sees.</summary>
    public IPart? FeedForwardNorm { get; init; }

    public required IPart FeedForward { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("attentionNorm", AttentionNorm, part => this with { AttentionNorm = part }),
        new("attention", Attention, part => this with { Attention = part }),
        .. Slot.Optional("feedForwardNorm", FeedForwardNorm, part => this with { FeedForwardNorm = part }),
        new("feedForward", FeedForward, part => this with { FeedForward = part }),
    ];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        using var scope = context.Mark();
        var normed = AttentionNorm.Forward(input, context);
        using var shared = context.Share(normed);
        var attended = Attention.Forward(normed, context);
        var transformed = FeedForward.Forward(FeedForwardNorm?.Forward(input, context) ?? normed, context);
        return context.Sum(context.Sum(input, attended), transformed);
    }
}
