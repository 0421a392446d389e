using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>StarCoder 2: LayerNorm and biases everywhere, GELU without a gate.</summary>
sealed class StarCoder2 : Family
{
    public override string Architecture => "starcoder2";

    public override string Examples => "StarCoder 2";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.LayerNorm("ffn_norm"),
        FeedForward = layer.FeedForward(ActivationKind.GeluTanh),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
