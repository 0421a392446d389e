using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>SmolLM 3: Llama in which every fourth layer knows no positions.</summary>
sealed class SmolLm3 : Family
{
    const int LayersPerPeriod = 4;

    public override string Architecture => "smollm3";

    public override string Examples => "SmolLM3";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention((layer.Index + 1) % LayersPerPeriod == 0 ? null : layer.Model.Rope.Table(RopeStyle.AdjacentPairs)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(),
    };
}
