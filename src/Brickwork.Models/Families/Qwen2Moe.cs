using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Qwen 1.5 and 2 with experts: the weights of the chosen are not normalised, a gate weighs the shared expert.</summary>
sealed class Qwen2Moe : Family
{
    public override string Architecture => "qwen2moe";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Experts(new ExpertRouting { Used = layer.Model.Int("expert_used_count"), Normalize = false }),
    };
}
