using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>OLMo 2: norms after each half instead of before, and over all queries and all keys.</summary>
sealed class Olmo2 : Family
{
    public override string Architecture => "olmo2";

    public override string Examples => "OLMo 2";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        AttentionPostNorm = layer.RmsNorm("post_attention_norm"),
        FeedForward = layer.FeedForward(),
        FeedForwardPostNorm = layer.RmsNorm("post_ffw_norm"),
    };
}
