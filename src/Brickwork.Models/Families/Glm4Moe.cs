using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>GLM 4.5: biases on queries, keys and values, part of each head turns, experts chosen by sigmoid and bias.</summary>
sealed class Glm4Moe : Family
{
    public override string Architecture => "glm4moe";

    public override string Examples => "GLM 4.5, GLM 4.5 Air";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("post_attention_norm"),
        FeedForward = layer.Has("ffn_gate_inp.weight") ? layer.Experts(layer.Routing()) : layer.FeedForward(),
    };
}
