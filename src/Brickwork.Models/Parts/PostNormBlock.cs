using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>x ← norm(x + attention(x)), then the same with the feed-forward part (Vaswani et al. 2017; BERT).</summary>
sealed record PostNormBlock : IPart
{
    public required IPart Attention { get; init; }

    public required IPart AttentionNorm { get; init; }

    public required IPart FeedForward { get; init; }

    public required IPart FeedForwardNorm { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("attention", Attention, part => this with { Attention = part }),
        new("attentionNorm", AttentionNorm, part => this with { AttentionNorm = part }),
        new("feedForward", FeedForward, part => this with { FeedForward = part }),
        new("feedForwardNorm", FeedForwardNorm, part => this with { FeedForwardNorm = part }),
    ];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        AddHalf(input, Attention, AttentionNorm, context);
        AddHalf(input, FeedForward, FeedForwardNorm, context);
        return input;
    }

    static void AddHalf(Tensor hidden, IPart body, IPart norm, ForwardContext context)
    {
        using var scope = context.Arena.Mark();
        Add.Run(context.Compute, hidden, body.Forward(hidden, context));
        norm.Forward(hidden, context).Floats.CopyTo(hidden.Floats);
    }
}
