using Brickwork.Kernels.Activations;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>GPT-2: learned positions, LayerNorm, GELU, one tensor for queries, keys and values.</summary>
sealed class Gpt2 : Family
{
    public override string Architecture => "gpt2";

    public override string Examples => "GPT-2";

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Tensor("token_embd.weight")) { Positions = model.Tensor("position_embd.weight") };

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = layer.Attention(rope: null),
        FeedForwardNorm = layer.LayerNorm("ffn_norm"),
        FeedForward = layer.FeedForward(ActivationKind.GeluTanh),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
