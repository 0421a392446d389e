using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Falcon: both halves of a layer see the same input; the 40B kind has a second norm for attention.</summary>
sealed class Falcon : Family
{
    public override string Architecture => "falcon";

    public override string Examples => "Falcon 7B, 40B";

    protected override IPart Block(LayerBuilder layer)
    {
        var second = layer.TryLayerNorm("attn_norm_2");
        return new ParallelBlock
        {
            AttentionNorm = second ?? layer.LayerNorm("attn_norm"),
            Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
            FeedForwardNorm = second is null ? null : layer.LayerNorm("attn_norm"),
            FeedForward = layer.FeedForward(ActivationKind.GeluTanh),
        };
    }

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
