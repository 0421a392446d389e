using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>gpt-oss: attention sinks, a sliding window on every other layer, clamped gates and biases in the experts.</summary>
sealed class GptOss : Family
{
    public override string Architecture => "gpt-oss";

    public override string Examples => "gpt-oss 20B, 120B";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit), Options(layer)),
        FeedForwardNorm = layer.RmsNorm("post_attention_norm"),
        FeedForward = layer.Experts(Routing(layer.Model), ActivationKind.ClampedSwiGlu),
    };

    static AttentionOptions Options(LayerBuilder layer) => layer.AttentionOptions() with
    {
        Sinks = layer.Model.TryValues(layer.Name("attn_sinks.weight"))?.Floats.ToArray(),
        Mask = layer.Index % 2 == 0 ? layer.SlidingWindow(128) : AttentionMask.Causal,
    };

    static ExpertRouting Routing(ModelBuilder model) => new() { Used = model.Int("expert_used_count"), Gate = ExpertGate.SoftmaxOfChosen };
}
