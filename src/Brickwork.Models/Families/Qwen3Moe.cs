using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Qwen 3 with experts.</summary>
sealed class Qwen3Moe : Family
{
    public override string Architecture => "qwen3moe";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Experts(),
    };
}
