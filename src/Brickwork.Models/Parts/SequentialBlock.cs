using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>x ← x + s·post(attention(pre(x))), then the same with the feed-forward part. What a family lacks is null.</summary>
/// <remarks>Changes its input in place: the hidden rows of a pass live in one buffer.</remarks>
sealed record SequentialBlock : IPart
{
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
        AddHalf(input, AttentionNorm, Attention, AttentionPostNorm, context);
        if (FeedForward is not null)
            AddHalf(input, FeedForwardNorm, FeedForward, FeedForwardPostNorm, context);
        if (PerLayerInput is not null)
            AddHalf(input, null, PerLayerInput, PerLayerInputPostNorm, context);
        if (OutputScale != 1)
            Scale.Run(context.Compute, input, OutputScale);
        return input;
    }

    void AddHalf(Tensor hidden, IPart? norm, IPart body, IPart? postNorm, ForwardContext context)
    {
        using var scope = context.Arena.Mark();
        using var shared = context.Normalize(norm, hidden, out var input);
        var delta = body.Forward(input, context);
        delta = postNorm?.Forward(delta, context) ?? delta;
        if (ResidualScale != 1)
            Scale.Run(context.Compute, delta, ResidualScale);
        Add.Run(context.Compute, hidden, delta);
    }
}
