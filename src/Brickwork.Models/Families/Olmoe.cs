using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>OLMoE: norms over all queries and all keys, the weights of the chosen experts are not normalised.</summary>
sealed class Olmoe : Family
{
    public override string Architecture => "olmoe";

    public override string Examples => "OLMoE";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Experts(new ExpertRouting { Used = layer.Model.Int("expert_used_count"), Normalize = false }),
    };
}
