using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Jamba: mostly Mamba layers, some attention without positions, every other feed-forward part with experts.</summary>
sealed class Jamba : Family
{
    public override string Architecture => "jamba";

    public override string Examples => "Jamba 1.5, Jamba Reasoning";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.KvHeads == 0 ? Mamba.Mixer(layer) : layer.Attention(rope: null),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Has("ffn_gate_inp.weight") ? layer.Experts(layer.Routing()) : layer.FeedForward(),
    };
}
