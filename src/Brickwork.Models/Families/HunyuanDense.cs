using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Hunyuan, dense: the norms of queries and keys come after the rotation.</summary>
sealed class HunyuanDense : Family
{
    public override string Architecture => "hunyuan-dense";

    public override string Examples => "Hunyuan 0.5B to 7B";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)) with { RotateBeforeNorm = true },
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(),
    };
}
