using System.Text.Json.Nodes;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;

namespace Brickwork.Models.HuggingFace;

/// <summary>What the Gemmas have in common: gains of norms that are kept less 1, heads of a width of their own, a tied head.</summary>
static class GemmaNames
{
    static readonly PlusOne PlusOne = new();

    public static IReadOnlyList<TensorRule> Ends { get; } =
    [
        new("token_embd.weight", "model.embed_tokens.weight"),
        new("output_norm.weight", "model.norm.weight", PlusOne),
        new("output.weight", "lm_head.weight"),
    ];

    /// <summary>Norms before and after both halves of a layer.</summary>
    public static IReadOnlyList<TensorRule> FourNorms { get; } =
    [
        .. Ends,
        .. Norms("post_attention_norm", "post_attention_layernorm"),
        new("blk.{n}.ffn_norm.weight", DecoderTensors.Layer + "pre_feedforward_layernorm.weight", PlusOne),
        new("blk.{n}.post_ffw_norm.weight", DecoderTensors.Layer + "post_feedforward_layernorm.weight", PlusOne),
    ];

    public static IReadOnlyList<TensorRule> HeadNorms { get; } =
    [
        new("blk.{n}.attn_q_norm.weight", DecoderTensors.Layer + "self_attn.q_norm.weight", PlusOne),
        new("blk.{n}.attn_k_norm.weight", DecoderTensors.Layer + "self_attn.k_norm.weight", PlusOne),
    ];

    static IReadOnlyList<Setting> Rest { get; } =
    [
        new Real("rms_norm_eps", "attention.layer_norm_rms_epsilon") { Default = 1e-6 },
        Fixed.Gelu("hidden_act", "gelu_pytorch_tanh"),
        Fixed.Gelu("hidden_activation", "gelu_pytorch_tanh"),
        new Tie(),
    ];

    /// <summary>Gemma 3 leaves out what its library takes for granted.</summary>
    public static IReadOnlyList<Setting> SettingsOfGemma3 { get; } =
    [
        new Size("hidden_size", "embedding_length") { Default = 2304 },
        new Size("num_hidden_layers", "block_count") { Default = 26 },
        new Size("intermediate_size", "feed_forward_length") { Default = 9216 },
        new Size("num_attention_heads", "attention.head_count") { Default = 8 },
        new Size("num_key_value_heads", "attention.head_count_kv") { Default = 4 },
        new Size("max_position_embeddings", "context_length") { Default = 131072 },
        new Size("vocab_size", "vocab_size") { Default = 262208 },
        new HeadWidth { Default = 256 },
        new Rope { DefaultBase = 1e6, Parameters = "rope_parameters.full_attention" },
        new Real("rope_local_base_freq", "rope.freq_base_swa") { Default = 10000, Also = ["rope_parameters.sliding_attention.rope_theta"] },
        Decoders.Window(otherwise: 4096),
        new Real("final_logit_softcapping", "final_logit_softcapping"),
        .. Rest,
    ];

    public static IReadOnlyList<TensorRule> Norms(string second, string secondName) =>
    [
        new("blk.{n}.attn_norm.weight", DecoderTensors.Layer + "input_layernorm.weight", PlusOne),
        new($"blk.{{n}}.{second}.weight", $"{DecoderTensors.Layer}{secondName}.weight", PlusOne),
    ];

    public static IEnumerable<Setting> Settings(int headWidth) => [.. Decoders.Sizes, new HeadWidth { Default = headWidth }, new Rope(), .. Rest];

    /// <summary>Queries are divided by the root of a number that is the width of a head in all published models but the largest.</summary>
    public static Special QueryScale(int layersOfTheLargest)
    {
        double Implied(CanonicalModel model) =>
            model.Layers == layersOfTheLargest ? (double)model.Int("embedding_length") / model.Heads(0) : model.KeyWidth;
        void Read(ConfigSource config, CanonicalModel model)
        {
            if ((config.TryReal("query_pre_attn_scalar") ?? 256) is var scalar && Math.Abs(scalar - Implied(model)) > 1e-6)
                model.Set("attention.scale", (float)(1 / Math.Sqrt(scalar > 0 ? scalar : throw config.Missing("query_pre_attn_scalar", "a number above 0"))));
        }
        void Write(CanonicalModel model, JsonObject config) => config["query_pre_attn_scalar"] =
            model.TryFloat("attention.scale") is { } scale and > 0 ? Math.Round(1 / ((double)scale * scale), 3) : Implied(model);
        return new Special(Read, Write);
    }
}
