using Brickwork.Kernels.Activations;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>GPT-2: learned positions, LayerNorm, GELU, one tensor for queries, keys and values.</summary>
sealed class Gpt2 : Family
{
    public override string Architecture => "gpt2";

    public override string Examples => "GPT-2";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("gpt2", "GPT2LMHeadModel")
        {
            Prefix = "transformer.",
            Ignored = ["transformer.h.*.attn.bias", "transformer.h.*.attn.masked_bias"],
            Settings =
            [
                new Size("n_embd", "embedding_length"),
                new Size("n_layer", "block_count"),
                new Size("n_head", "attention.head_count"),
                new Size("n_positions", "context_length") { Also = ["n_ctx"] },
                new Size("vocab_size", "vocab_size"),
                new Special(ReadInner, (model, config) => config["n_inner"] = model.Int("feed_forward_length")),
                new Real("layer_norm_epsilon", "attention.layer_norm_epsilon") { Default = 1e-5 },
                Fixed.Gelu("activation_function", "gelu_new"),
                new Fixed("scale_attn_weights", "true"),
                new Fixed("scale_attn_by_inverse_layer_idx", "false"),
                new Tie(),
            ],
            Tensors =
            [
                new("token_embd.weight", "transformer.wte.weight"),
                new("position_embd.weight", "transformer.wpe.weight"),
                new("output_norm.*", "transformer.ln_f.*"),
                new("output.weight", "lm_head.weight"),
                new("blk.{n}.attn_norm.*", "transformer.h.{n}.ln_1.*"),
                new("blk.{n}.attn_qkv.*", "transformer.h.{n}.attn.c_attn.*", new Transposed()),
                new("blk.{n}.attn_output.*", "transformer.h.{n}.attn.c_proj.*", new Transposed()),
                new("blk.{n}.ffn_norm.*", "transformer.h.{n}.ln_2.*"),
                new("blk.{n}.ffn_up.*", "transformer.h.{n}.mlp.c_fc.*", new Transposed()),
                new("blk.{n}.ffn_down.*", "transformer.h.{n}.mlp.c_proj.*", new Transposed()),
            ],
        },
    ];

    static void ReadInner(ConfigSource config, CanonicalModel model) =>
        model.Set("feed_forward_length", (uint)(config.TryInt("n_inner") ?? 4 * model.Int("embedding_length")));

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Table("token_embd.weight")) { Positions = model.Table("position_embd.weight") };

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = layer.Attention(rope: null),
        FeedForwardNorm = layer.LayerNorm("ffn_norm"),
        FeedForward = layer.PlainFeedForward(ActivationKind.GeluTanh),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
