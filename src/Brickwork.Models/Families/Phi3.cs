using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Phi 3 and 4: fused tensors, and one set of frequencies for short contexts and one for long.</summary>
sealed class Phi3 : Family
{
    public override string Architecture => "phi3";

    public override string Examples => "Phi 3, 3.5, 4";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FusedFeedForward(),
    };
}
