using System.Text.Json.Nodes;
using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>BLOOM: attention fades with distance (ALiBi) instead of positions, and a norm follows the embedding.</summary>
sealed class Bloom : Family
{
    public override string Architecture => "bloom";

    public override string Examples => "BLOOM";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("bloom", "BloomForCausalLM")
        {
            Prefix = "transformer.",
            Settings =
            [
                new Size("hidden_size", "embedding_length") { Also = ["n_embed"] },
                new Size("n_layer", "block_count") { Also = ["num_hidden_layers"] },
                new Size("n_head", "attention.head_count") { Also = ["num_attention_heads"] },
                new Size("seq_length", "context_length") { Default = 2048 },
                new Size("vocab_size", "vocab_size"),
                // BLOOM's is always four times as wide; a smaller relative keeps the name that GPT-2 has for it.
                new Special(ReadInner, WriteInner),
                new Real("layer_norm_epsilon", "attention.layer_norm_epsilon") { Default = 1e-5 },
                new Fixed("apply_residual_connection_post_layernorm", "false"),
                new Tie(),
            ],
            Tensors =
            [
                new("token_embd.weight", "transformer.word_embeddings.weight"),
                new("token_embd_norm.*", "transformer.word_embeddings_layernorm.*"),
                new("output_norm.*", "transformer.ln_f.*"),
                new("output.weight", "lm_head.weight"),
                new("blk.{n}.attn_norm.*", "transformer.h.{n}.input_layernorm.*"),
                new("blk.{n}.ffn_norm.*", "transformer.h.{n}.post_attention_layernorm.*"),
                new("blk.{n}.attn_qkv.*", "transformer.h.{n}.self_attention.query_key_value.*", RowOrder.HeadByHead),
                new("blk.{n}.attn_output.*", "transformer.h.{n}.self_attention.dense.*"),
                new("blk.{n}.ffn_up.*", "transformer.h.{n}.mlp.dense_h_to_4h.*"),
                new("blk.{n}.ffn_down.*", "transformer.h.{n}.mlp.dense_4h_to_h.*"),
            ],
        },
    ];

    static void ReadInner(ConfigSource config, CanonicalModel model) =>
        model.Set("feed_forward_length", (uint)(config.TryInt("n_inner") ?? 4 * model.Int("embedding_length")));

    static void WriteInner(CanonicalModel model, JsonObject config)
    {
        if (model.Int("feed_forward_length") is var width && width != 4 * model.Int("embedding_length"))
            config["n_inner"] = width;
    }

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Table("token_embd.weight")) { Norm = model.LayerNorm("token_embd_norm") };

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = layer.Attention(null, layer.AttentionOptions() with { AlibiSlopes = AttentionOptions.AlibiSlopesFor(layer.Heads) }),
        FeedForwardNorm = layer.LayerNorm("ffn_norm"),
        FeedForward = layer.PlainFeedForward(ActivationKind.GeluTanh),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
