using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Gemma 2: norms before and after each half, soft caps, and a sliding window on every other layer.</summary>
sealed class Gemma2 : Family
{
    public override string Architecture => "gemma2";

    public override string Examples => "Gemma 2";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("gemma2", "Gemma2ForCausalLM")
        {
            Settings =
            [
                .. GemmaNames.Settings(headWidth: 256),
                GemmaNames.QueryScale(layersOfTheLargest: 46),
                Decoders.Window(otherwise: 4096),
                new Real("attn_logit_softcapping", "attn_logit_softcapping") { Default = 50 },
                new Real("final_logit_softcapping", "final_logit_softcapping") { Default = 30 },
            ],
            Tensors = [.. GemmaNames.FourNorms, .. DecoderTensors.Attention, .. DecoderTensors.FeedForward],
        },
    ];

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Table("token_embd.weight")) { Scale = MathF.Sqrt(model.Width) };

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit), Options(layer)),
        AttentionPostNorm = layer.RmsNorm("post_attention_norm"),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(ActivationKind.GeluTanh),
        FeedForwardPostNorm = layer.RmsNorm("post_ffw_norm"),
    };

    protected override IPart? Head(ModelBuilder model) =>
        new Head(OutputProjection(model)) { SoftCap = model.TryFloat("final_logit_softcapping") ?? 30 };

    static AttentionOptions Options(LayerBuilder layer) => layer.AttentionOptions() with
    {
        // Published with a scale by D/H in the 27B model only; a 46-layer stack is that model.
        Scale = layer.Model.TryFloat("attention.scale") ?? 1 / MathF.Sqrt(layer.Model.Layers == 46 ? (float)layer.Model.Width / layer.Heads : layer.KeyWidth),
        SoftCap = layer.Model.TryFloat("attn_logit_softcapping") ?? 50,
        Mask = layer.Index % 2 == 0 ? layer.SlidingWindow(4096) : AttentionMask.Causal,
    };
}
