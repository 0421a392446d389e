using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>gpt-oss: attention sinks, a sliding window on every other layer, clamped gates and biases in the experts.</summary>
sealed class GptOss : Family
{
    public override string Architecture => "gpt-oss";

    public override string Examples => "gpt-oss 20B, 120B";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("gpt_oss", "GptOssForCausalLM")
        {
            Settings =
            [
                .. Decoders.With(new HeadWidth { Default = 64 }, rotationBase: 150000),
                new Size("num_local_experts", "expert_count"),
                new Size("num_experts_per_tok", "expert_used_count") { Also = ["experts_per_token"] },
                new Size("intermediate_size", "expert_feed_forward_length"),
                Decoders.Window(otherwise: 128),
                new LayerPattern(null, 2),
                new Fixed("swiglu_limit", "7.0"),
                new Fixed("attention_bias", "true"),
            ],
            Tensors =
            [
                .. DecoderTensors.Ends,
                .. DecoderTensors.Attention,
                new("blk.{n}.attn_norm.weight", "model.layers.{n}.input_layernorm.weight"),
                new("blk.{n}.post_attention_norm.weight", "model.layers.{n}.post_attention_layernorm.weight"),
                new("blk.{n}.attn_sinks.weight", "model.layers.{n}.self_attn.sinks"),
                new("blk.{n}.ffn_gate_inp.*", "model.layers.{n}.mlp.router.*"),
                new(["blk.{n}.ffn_gate_exps.weight", "blk.{n}.ffn_up_exps.weight"], ["model.layers.{n}.mlp.experts.gate_up_proj"], new InterleavedExperts()),
                new("blk.{n}.ffn_down_exps.weight", "model.layers.{n}.mlp.experts.down_proj", new Transposed()),
                new(["blk.{n}.ffn_gate_exps.weight", "blk.{n}.ffn_up_exps.weight"],
                    ["model.layers.{n}.mlp.experts.gate_up_proj_blocks", "model.layers.{n}.mlp.experts.gate_up_proj_scales"], new PackedExperts(2)),
                new(["blk.{n}.ffn_down_exps.weight"],
                    ["model.layers.{n}.mlp.experts.down_proj_blocks", "model.layers.{n}.mlp.experts.down_proj_scales"], new PackedExperts(1)),
                new(["blk.{n}.ffn_gate_exps.bias", "blk.{n}.ffn_up_exps.bias"], ["model.layers.{n}.mlp.experts.gate_up_proj_bias"], new InterleavedExperts()),
                new("blk.{n}.ffn_down_exps.bias", "model.layers.{n}.mlp.experts.down_proj_bias"),
            ],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit), Options(layer)),
        FeedForwardNorm = layer.RmsNorm("post_attention_norm"),
        FeedForward = layer.Experts(Routing(layer.Model), ActivationKind.ClampedSwiGlu),
    };

    static AttentionOptions Options(LayerBuilder layer) => layer.AttentionOptions() with
    {
        Sinks = layer.Model.TryValues(layer.Name("attn_sinks.weight"), layer.Heads)?.Floats.ToArray(),
        Mask = layer.Index % 2 == 0 ? layer.SlidingWindow(128) : AttentionMask.Causal,
    };

    static ExpertRouting Routing(ModelBuilder model) => new() { Used = model.Int("expert_used_count"), Gate = ExpertGate.SoftmaxOfChosen };
}
