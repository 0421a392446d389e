namespace Brickwork.Models.Parts;

/// <summary>x ← x + s·post(attention(pre(x))), then the same with the feed-forward part. What a family lacks is null.</summary>
/// <remarks>Changes its input in place unless a tape needs it: the hidden rows of a pass live in one buffer.</remarks>
sealed record SequentialBlock : IPart
{
    public bool HasGradient => true;

    public IPart? AttentionNorm { get; init; }

    /// <summary>Attention or another token mixer, [T, D] → [T, D].</summary>
    public required IPart Attention { get; init; }

    public IPart? AttentionPostNorm { get; init; }

    public IPart? FeedForwardNorm { get; init; }

    /// <summary>[T, D] → [T, D]; null where the mixer is the whole layer.</summary>
    public IPart? FeedForward { get; init; }

    public IPart? FeedForwardPostNorm { get; init; }

    /// <summary>A third half without a norm before it; null = none (Gemma 4).</summary>
    public IPart? PerLayerInput { get; init; }

    public IPart? PerLayerInputPostNorm { get; init; }

    /// <summary>A factor on what the layer gives.</summary>
    public float OutputScale { get; init; } = 1;

    /// <summary>s, the factor on what each half adds.</summary>
    public float ResidualScale { get; init; } = 1;

    public IReadOnlyList<Slot> Slots =>
    [
        .. Slot.Optional("attentionNorm", AttentionNorm, part => this with { AttentionNorm = part }),
        new("attention", Attention, part => this with { Attention = part }),
        .. Slot.Optional("attentionPostNorm", AttentionPostNorm, part => this with { AttentionPostNorm = part }),
        .. Slot.Optional("feedForwardNorm", FeedForwardNorm, part => this with { FeedForwardNorm = part }),
        .. Slot.Optional("feedForward", FeedForward, part => this with { FeedForward = part }),
        .. Slot.Optional("feedForwardPostNorm", FeedForwardPostNorm, part => this with { FeedForwardPostNorm = part }),
        .. Slot.Optional("perLayerInput", PerLayerInput, part => this with { PerLayerInput = part }),
        .. Slot.Optional("perLayerInputPostNorm", PerLayerInputPostNorm, part => this with { PerLayerInputPostNorm = part }),
    ];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var hidden = AddHalf(input, AttentionNorm, Attention, AttentionPostNorm, context);
        if (FeedForward is not null)
            hidden = AddHalf(hidden, FeedForwardNorm, FeedForward, FeedForwardPostNorm, context);
        if (PerLayerInput is not null)
            hidden = AddHalf(hidden, null, PerLayerInput, PerLayerInputPostNorm, context);
        return context.Scale(hidden, OutputScale);
    }

    Tensor AddHalf(Tensor hidden, IPart? norm, IPart body, IPart? postNorm, ForwardContext context)
    {
        using var scope = context.Mark();
        using var shared = context.Normalize(norm, hidden, out var input);
        var delta = body.Forward(input, context);
        delta = postNorm?.Forward(delta, context) ?? delta;
        return context.Sum(hidden, context.Scale(delta, ResidualScale));
    }
}
