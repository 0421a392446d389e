using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>BLOOM: attention fades with distance (ALiBi) instead of positions, and a norm follows the embedding.</summary>
sealed class Bloom : Family
{
    public override string Architecture => "bloom";

    public override string Examples => "BLOOM";

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Tensor("token_embd.weight")) { Norm = model.LayerNorm("token_embd_norm") };

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = layer.Attention(null, layer.AttentionOptions() with { AlibiSlopes = AttentionOptions.AlibiSlopesFor(layer.Heads) }),
        FeedForwardNorm = layer.LayerNorm("ffn_norm"),
        FeedForward = layer.FeedForward(ActivationKind.GeluTanh),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
