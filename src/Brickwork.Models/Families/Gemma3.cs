using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Gemma 3: five layers with a sliding window and a rotation of their own for each one that sees everything.</summary>
class Gemma3 : Family
{
    public override string Architecture => "gemma3";

    public override string Examples => "Gemma 3";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("gemma3_text", "Gemma3ForCausalLM")
        {
            Settings =
            [
                .. GemmaNames.SettingsOfGemma3,
                GemmaNames.QueryScale(layersOfTheLargest: 62),
                new LayerPattern("attention.sliding_window_pattern", 6),
                new Fixed("attn_logit_softcapping", "null"),
                new Fixed("use_bidirectional_attention", "false"),
            ],
            Tensors = [.. GemmaNames.FourNorms, .. GemmaNames.HeadNorms, .. DecoderTensors.Attention, .. DecoderTensors.FeedForward],
        },
    ];

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Table("token_embd.weight")) { Scale = MathF.Sqrt(model.Width) };

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(Rope(layer), Options(layer)),
        AttentionPostNorm = layer.RmsNorm("post_attention_norm"),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(ActivationKind.GeluTanh),
        FeedForwardPostNorm = layer.RmsNorm("post_ffw_norm"),
    };

    protected override IPart? Head(ModelBuilder model) =>
        new Head(OutputProjection(model)) { SoftCap = model.TryFloat("final_logit_softcapping") ?? 0 };

    /// <summary>The mask of a layer that sees everything, and of one with a window.</summary>
    protected virtual AttentionMask Mask(LayerBuilder layer) => SeesEverything(layer) ? AttentionMask.Causal : layer.SlidingWindow(1024);

    protected static bool SeesEverything(LayerBuilder layer) =>
        (layer.Index + 1) % (layer.Model.TrySize("attention.sliding_window_pattern") ?? 6) == 0;

    AttentionOptions Options(LayerBuilder layer) => layer.AttentionOptions() with
    {
        // Published with a scale by D/H in the 27B model only; a 62-layer stack is that model.
        Scale = layer.Model.TryFloat("attention.scale") ?? 1 / MathF.Sqrt(layer.Model.Layers == 62 ? (float)layer.Model.Width / layer.Heads : layer.KeyWidth),
        Mask = Mask(layer),
    };

    static RopeTable Rope(LayerBuilder layer) => SeesEverything(layer)
        ? layer.Model.Rope.Table(RopeStyle.HalfSplit)
        : layer.Model.Rope.Table(RopeStyle.HalfSplit, frequencyBase: layer.Model.TryFloat("rope.freq_base_swa") ?? 10000, scaled: false);
}
