using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Llama 1–3, Mistral, Mixtral, SmolLM and everything else that calls itself llama: the shape most families vary.</summary>
sealed class Llama : Family
{
    public override string Architecture => "llama";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.AdjacentPairs)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Has("ffn_gate_inp.weight") ? layer.Experts() : layer.FeedForward(),
    };
}
