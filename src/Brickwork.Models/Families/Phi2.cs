using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Phi 1 and 2: both halves of a layer see the same input, biases everywhere, the head's included.</summary>
sealed class Phi2 : Family
{
    public override string Architecture => "phi2";

    public override string Examples => "Phi 1.5, Phi 2";

    protected override IPart Block(LayerBuilder layer) => new ParallelBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForward = layer.FeedForward(ActivationKind.GeluTanh),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
