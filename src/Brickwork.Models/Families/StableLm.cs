using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>StableLM 2: LayerNorm, part of each head turns; without a second norm both halves see the same input.</summary>
sealed class StableLm : Family
{
    public override string Architecture => "stablelm";

    public override string Examples => "StableLM 2, StableLM 3B";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("stablelm", "StableLmForCausalLM")
        {
            Settings =
            [
                .. Decoders.Sizes,
                new HeadWidth { Name = null, Partial = "partial_rotary_factor", DefaultPartial = 0.25 },
                new Rope(),
                new Real("layer_norm_eps", "attention.layer_norm_epsilon") { Default = 1e-5 },
                new Flag("use_parallel_residual", "use_parallel_residual") { Default = false },
                new Presence("use_qkv_bias", "blk.0.attn_q.bias"),
                new Presence("qk_layernorm", "blk.0.attn_q_norm.weight"),
                Fixed.Silu,
                new Tie(),
            ],
            Tensors =
            [
                .. DecoderTensors.Plain,
                new("blk.{n}.attn_q_norm.weight", "model.layers.{n}.self_attn.q_layernorm.norms.{e}.weight", Stacked.Heads),
                new("blk.{n}.attn_k_norm.weight", "model.layers.{n}.self_attn.k_layernorm.norms.{e}.weight", Stacked.KvHeads),
            ],
        },
    ];

    protected override IPart Block(LayerBuilder layer)
    {
        var norm = layer.LayerNorm("attn_norm");
        var attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)) with
        {
            QueryNorm = layer.TryHeadLayerNorm("attn_q_norm", layer.Heads),
            KeyNorm = layer.TryHeadLayerNorm("attn_k_norm", layer.KvHeads),
        };
        return layer.TryLayerNorm("ffn_norm") is { } second
            ? new SequentialBlock { AttentionNorm = norm, Attention = attention, FeedForwardNorm = second, FeedForward = layer.FeedForward() }
            : new ParallelBlock { AttentionNorm = norm, Attention = attention, FeedForward = layer.FeedForward() };
    }

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
