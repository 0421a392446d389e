using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>GPT-NeoX and Pythia: both halves of a layer see the same input, each through a norm of its own.</summary>
sealed class GptNeoX : Family
{
    public override string Architecture => "gptneox";

    public override string Examples => "GPT-NeoX, Pythia";

    protected override IPart Block(LayerBuilder layer)
    {
        var attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit));
        var feedForward = layer.FeedForward(ActivationKind.GeluTanh);
        var (attentionNorm, feedForwardNorm) = (layer.LayerNorm("attn_norm"), layer.LayerNorm("ffn_norm"));
        if (layer.Model.TryBool("use_parallel_residual") == false)
            return new SequentialBlock { AttentionNorm = attentionNorm, Attention = attention, FeedForwardNorm = feedForwardNorm, FeedForward = feedForward };
        return new ParallelBlock { AttentionNorm = attentionNorm, Attention = attention, FeedForwardNorm = feedForwardNorm, FeedForward = feedForward };
    }

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
