using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>The language half of Qwen 2 VL. For text the positions of all sections are equal, so the rotation is the plain one.</summary>
sealed class Qwen2Vl : Family
{
    public override string Architecture => "qwen2vl";

    public override string Examples => "Qwen 2 VL, 2.5 VL: the text part";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(),
    };
}
