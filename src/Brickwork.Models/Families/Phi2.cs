using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Phi 1 and 2: both halves of a layer see the same input, biases everywhere, the head's included.</summary>
sealed class Phi2 : Family
{
    public override string Architecture => "phi2";

    public override string Examples => "Phi 1.5, Phi 2";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("phi", "PhiForCausalLM")
        {
            Settings =
            [
                .. Decoders.Sizes,
                new HeadWidth { Name = null, Partial = "partial_rotary_factor", DefaultPartial = 0.5 },
                new Rope(),
                new Real("layer_norm_eps", "attention.layer_norm_epsilon") { Default = 1e-5 },
                Fixed.Gelu("hidden_act", "gelu_new"),
                new Fixed("qk_layernorm", "false"),
                new Tie(),
            ],
            Tensors =
            [
                new("token_embd.weight", "model.embed_tokens.weight"),
                new("output_norm.*", "model.final_layernorm.*"),
                new("output.*", "lm_head.*"),
                new("blk.{n}.attn_norm.*", "model.layers.{n}.input_layernorm.*"),
                new("blk.{n}.attn_q.*", "model.layers.{n}.self_attn.q_proj.*"),
                new("blk.{n}.attn_k.*", "model.layers.{n}.self_attn.k_proj.*"),
                new("blk.{n}.attn_v.*", "model.layers.{n}.self_attn.v_proj.*"),
                new(["blk.{n}.attn_qkv.*"], ["model.layers.{n}.self_attn.q_proj.*", "model.layers.{n}.self_attn.k_proj.*", "model.layers.{n}.self_attn.v_proj.*"], new Joined()),
                new("blk.{n}.attn_output.*", "model.layers.{n}.self_attn.dense.*"),
                new("blk.{n}.ffn_up.*", "model.layers.{n}.mlp.fc1.*"),
                new("blk.{n}.ffn_down.*", "model.layers.{n}.mlp.fc2.*"),
            ],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new ParallelBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForward = layer.PlainFeedForward(ActivationKind.GeluTanh),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
