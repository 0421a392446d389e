using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;

namespace Brickwork.Models.Families;

/// <summary>nomic-embed-text: BERT with a rotation instead of learned positions and a gated feed-forward part.</summary>
sealed class NomicBert : Bert
{
    public override string Architecture => "nomic-bert";

    public override string Examples => "nomic-embed-text 1.5";

    protected override IPart Attention(LayerBuilder layer) => layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit), BothWays(layer));

    protected override IPart FeedForward(LayerBuilder layer) => layer.FeedForward();
}
