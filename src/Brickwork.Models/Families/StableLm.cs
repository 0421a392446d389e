using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>StableLM 2: LayerNorm, part of each head turns; without a second norm both halves see the same input.</summary>
sealed class StableLm : Family
{
    public override string Architecture => "stablelm";

    public override string Examples => "StableLM 2, StableLM 3B";

    protected override IPart Block(LayerBuilder layer)
    {
        var norm = layer.LayerNorm("attn_norm");
        var attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)) with
        {
            QueryNorm = layer.TryLayerNorm("attn_q_norm"),
            KeyNorm = layer.TryLayerNorm("attn_k_norm"),
        };
        return layer.TryLayerNorm("ffn_norm") is { } second
            ? new SequentialBlock { AttentionNorm = norm, Attention = attention, FeedForwardNorm = second, FeedForward = layer.FeedForward() }
            : new ParallelBlock { AttentionNorm = norm, Attention = attention, FeedForward = layer.FeedForward() };
    }

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
