using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Granite, dense: Llama with factors on embedding, attention, residuals and logits.</summary>
class Granite : Family
{
    public override string Architecture => "granite";

    public override string Examples => "Granite 3 without experts";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("granite", "GraniteForCausalLM") { Settings = [.. Decoders.Llama, .. Multipliers], Tensors = DecoderTensors.Rotated },
    ];

    /// <summary>Factors that stand in the model instead of in its weights.</summary>
    protected static IReadOnlyList<Setting> Multipliers =>
    [
        new Real("attention_multiplier", "attention.scale") { Default = 1 },
        new Real("embedding_multiplier", "embedding_scale") { Default = 1 },
        new Real("residual_multiplier", "residual_scale") { Default = 1 },
        new Real("logits_scaling", "logit_scale") { Default = 1 },
        new Presence("attention_bias", "blk.0.attn_q.bias"),
    ];

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Table("token_embd.weight")) { Scale = model.TryFloat("embedding_scale") ?? 1 };

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = Mixer(layer),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = FeedForward(layer),
        ResidualScale = layer.Model.TryFloat("residual_scale") ?? 1,
    };

    protected virtual IPart Mixer(LayerBuilder layer) => layer.Attention(layer.Model.Rope.Table(RopeStyle.AdjacentPairs));

    protected override IPart? Head(ModelBuilder model) => new Head(OutputProjection(model)) { Scale = 1 / (model.TryFloat("logit_scale") ?? 1) };

    protected static IPart FeedForward(LayerBuilder layer) => layer.Has("ffn_gate_inp.weight") ? layer.Experts() : layer.FeedForward();
}

/// <summary>Granite with experts.</summary>
sealed class GraniteMoe : Granite
{
    public override string Architecture => "granitemoe";

    public override string Examples => "Granite 3 with experts";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("granitemoeshared", "GraniteMoeSharedForCausalLM")
        {
            Fits = model => model.Has("blk.0.ffn_up_shexp.weight"),
            Settings = [.. Settings, new Size("shared_intermediate_size", "expert_shared_feed_forward_length")],
            Tensors =
            [
                .. Tensors,
                new(["blk.{n}.ffn_gate_shexp.weight", "blk.{n}.ffn_up_shexp.weight"], ["model.layers.{n}.shared_mlp.input_linear.weight"], new Halves()),
                new("blk.{n}.ffn_down_shexp.weight", "model.layers.{n}.shared_mlp.output_linear.weight"),
            ],
        },
        new("granitemoe", "GraniteMoeForCausalLM") { Settings = Settings, Tensors = Tensors },
    ];

    static IReadOnlyList<Setting> Settings => [.. Decoders.Llama, .. Multipliers, .. Decoders.Experts("num_local_experts", width: null)];

    static IReadOnlyList<TensorRule> Tensors =>
    [
        .. DecoderTensors.Rotated,
        new("blk.{n}.ffn_gate_inp.weight", "model.layers.{n}.block_sparse_moe.router.layer.weight"),
        new(["blk.{n}.ffn_gate_exps.weight", "blk.{n}.ffn_up_exps.weight"], ["model.layers.{n}.block_sparse_moe.input_linear.weight"], new Halves()),
        new("blk.{n}.ffn_down_exps.weight", "model.layers.{n}.block_sparse_moe.output_linear.weight"),
    ];
}
