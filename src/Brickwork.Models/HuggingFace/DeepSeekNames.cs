using System.Text.Json.Nodes;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;

namespace Brickwork.Models.HuggingFace;

/// <summary>What DeepSeek 2 and 3 have in common.</summary>
static class DeepSeekNames
{
    const string Attention = DecoderTensors.Layer + "self_attn.";

    // Its rotation turns neighbours, as GGUF's does: no row changes its place.
    public static IReadOnlyList<TensorRule> Tensors { get; } =
    [
        .. DecoderTensors.Ends,
        .. DecoderTensors.Norms,
        .. DecoderTensors.FeedForward,
        .. DecoderTensors.Experts(),
        .. DecoderTensors.SharedExperts("shared_experts"),
        new("blk.{n}.exp_probs_b.bias", DecoderTensors.Layer + "mlp.gate.e_score_correction_bias"),
        new("blk.{n}.attn_q.weight", Attention + "q_proj.weight"),
        new("blk.{n}.attn_q_a.weight", Attention + "q_a_proj.weight"),
        new("blk.{n}.attn_q_a_norm.weight", Attention + "q_a_layernorm.weight"),
        new("blk.{n}.attn_q_b.weight", Attention + "q_b_proj.weight"),
        new("blk.{n}.attn_kv_a_mqa.weight", Attention + "kv_a_proj_with_mqa.weight"),
        new("blk.{n}.attn_kv_a_norm.weight", Attention + "kv_a_layernorm.weight"),
        new(["blk.{n}.attn_k_b.weight", "blk.{n}.attn_v_b.weight"], [Attention + "kv_b_proj.weight"], new LatentKeyValue()),
        new("blk.{n}.attn_output.weight", Attention + "o_proj.weight"),
    ];

    /// <param name="scoring">How the router scores.</param>
    /// <param name="choice">How experts are chosen.</param>
    public static IReadOnlyList<Setting> Settings(string scoring, string choice) =>
    [
        .. Decoders.Sizes.Where(size => size is not Size { Key: "attention.head_count_kv" }),
        new Size("q_lora_rank", "attention.q_lora_rank") { IsOptional = true },
        new Size("kv_lora_rank", "attention.kv_lora_rank"),
        new Special(ReadWidths, WriteWidths),
        new Rope(),
        new Real("rms_norm_eps", "attention.layer_norm_rms_epsilon") { Default = 1e-6 },
        new Size("first_k_dense_replace", "leading_dense_block_count") { Default = 0, Least = 0 },
        new Size("n_routed_experts", "expert_count"),
        new Size("num_experts_per_tok", "expert_used_count"),
        new Size("moe_intermediate_size", "expert_feed_forward_length"),
        new Size("n_shared_experts", "expert_shared_count") { IsOptional = true, Least = 0 },
        new Real("routed_scaling_factor", "expert_weights_scale") { Default = 1 },
        new Flag("norm_topk_prob", "expert_weights_norm") { Default = scoring == "sigmoid" },
        .. Groups(scoring),
        new Always("expert_gating_func", scoring == "sigmoid" ? 2u : 1u),
        Fixed.Activation("scoring_func", scoring),
        Fixed.Activation("topk_method", choice),
        new Fixed("moe_layer_freq", "1"),
        new Fixed("attention_bias", "false"),
        Fixed.Silu,
        new Tie(),
    ];

    static Setting[] Groups(string scoring) => scoring != "sigmoid" ? []
        : [new Size("n_group", "expert_group_count") { Default = 1 }, new Size("topk_group", "expert_group_used_count") { Default = 1 }];

    /// <summary>GGUF's widths are those of the latent that all heads share; the widths of a head have names of their own.</summary>
    static void ReadWidths(ConfigSource config, CanonicalModel model)
    {
        int Number(string name) => config.TryInt(name) is { } value and > 0 ? value : throw config.Missing(name, "a whole number above 0");
        var (key, rotated, value, latent) = (Number("qk_nope_head_dim"), Number("qk_rope_head_dim"), Number("v_head_dim"), model.Int("attention.kv_lora_rank"));
        model.Set("attention.head_count_kv", 1u);
        model.Set("attention.key_length", (uint)(latent + rotated));
        model.Set("attention.value_length", (uint)latent);
        model.Set("attention.key_length_mla", (uint)(key + rotated));
        model.Set("attention.value_length_mla", (uint)value);
        model.Set("rope.dimension_count", (uint)rotated);
    }

    static void WriteWidths(CanonicalModel model, JsonObject config)
    {
        var (rotated, key) = (model.Int("rope.dimension_count"), model.Int("attention.key_length_mla"));
        config["qk_nope_head_dim"] = key - rotated;
        config["qk_rope_head_dim"] = rotated;
        config["qk_head_dim"] = key;
        config["v_head_dim"] = model.Int("attention.value_length_mla");
        config["num_key_value_heads"] = model.Heads(0);
    }
}
