using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Falcon: both halves of a layer see the same input; the 40B kind has a second norm for attention.</summary>
sealed class Falcon : Family
{
    public override string Architecture => "falcon";

    public override string Examples => "Falcon 7B, 40B";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("falcon", "FalconForCausalLM")
        {
            Prefix = "transformer.",
            Settings =
            [
                new Size("hidden_size", "embedding_length") { Also = ["n_embed"] },
                new Size("num_hidden_layers", "block_count") { Also = ["n_layer"] },
                new Size("num_attention_heads", "attention.head_count") { Also = ["n_head"] },
                new Size("max_position_embeddings", "context_length") { Default = 2048 },
                new Size("vocab_size", "vocab_size"),
                new Special(ReadShape, WriteShape),
                new HeadWidth { Name = null },
                new Rope(),
                new Real("layer_norm_epsilon", "attention.layer_norm_epsilon") { Default = 1e-5 },
                Fixed.Gelu("activation", "gelu"),
                new Fixed("alibi", "false"),
                new Fixed("bias", "false"),
                new Fixed("parallel_attn", "true"),
                new Tie(),
            ],
            Tensors =
            [
                new("token_embd.weight", "transformer.word_embeddings.weight"),
                new("output_norm.*", "transformer.ln_f.*"),
                new("output.weight", "lm_head.weight"),
                new("blk.{n}.attn_norm.*", "transformer.h.{n}.input_layernorm.*") { Fits = model => !model.Has("blk.0.attn_norm_2.weight") },
                new("blk.{n}.attn_norm.*", "transformer.h.{n}.ln_mlp.*"),
                new("blk.{n}.attn_norm_2.*", "transformer.h.{n}.ln_attn.*"),
                new("blk.{n}.attn_qkv.weight", "transformer.h.{n}.self_attention.query_key_value.weight", RowOrder.GroupByGroup),
                new("blk.{n}.attn_output.weight", "transformer.h.{n}.self_attention.dense.weight"),
                new("blk.{n}.ffn_up.weight", "transformer.h.{n}.mlp.dense_h_to_4h.weight"),
                new("blk.{n}.ffn_down.weight", "transformer.h.{n}.mlp.dense_4h_to_h.weight"),
            ],
        },
    ];

    static void ReadShape(ConfigSource config, CanonicalModel model)
    {
        var (heads, newer) = (model.Int("attention.head_count"), config.TryFlag("new_decoder_architecture") == true);
        var groups = newer ? config.TryInt("num_kv_heads") ?? config.TryInt("n_head_kv") ?? heads : config.TryFlag("multi_query") == false ? heads : 1;
        model.Set("attention.head_count_kv", (uint)groups);
        model.Set("feed_forward_length", (uint)(config.TryInt("ffn_hidden_size") ?? 4 * model.Int("embedding_length")));
    }

    static void WriteShape(CanonicalModel model, System.Text.Json.Nodes.JsonObject config)
    {
        var (groups, twoNorms) = (model.KvHeads(0), model.Has("blk.0.attn_norm_2.weight"));
        config["multi_query"] = groups == 1;
        config["new_decoder_architecture"] = twoNorms || groups > 1 && groups < model.Heads(0);
        config["num_ln_in_parallel_attn"] = twoNorms ? 2 : 1;
        config["num_kv_heads"] = groups;
        config["ffn_hidden_size"] = model.Int("feed_forward_length");
    }

    protected override IPart Block(LayerBuilder layer)
    {
        var second = layer.TryLayerNorm("attn_norm_2");
        return new ParallelBlock
        {
            AttentionNorm = second ?? layer.LayerNorm("attn_norm"),
            Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
            FeedForwardNorm = second is null ? null : layer.LayerNorm("attn_norm"),
            FeedForward = layer.PlainFeedForward(ActivationKind.GeluTanh),
        };
    }

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
