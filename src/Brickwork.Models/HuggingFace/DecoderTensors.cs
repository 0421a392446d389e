using Brickwork.Models.HuggingFace.Transforms;

namespace Brickwork.Models.HuggingFace;

/// <summary>The tensors that most decoders share.</summary>
static class DecoderTensors
{
    public const string Layer = "model.layers.{n}.";

    /// <summary>Embedding, last norm and head.</summary>
    public static IReadOnlyList<TensorRule> Ends { get; } =
    [
        new("token_embd.weight", "model.embed_tokens.weight"),
        new("output_norm.*", "model.norm.*"),
        new("output.*", "lm_head.*"),
    ];

    /// <summary>Queries, keys, values and output.</summary>
    public static IReadOnlyList<TensorRule> Attention { get; } = AttentionWith(null, null);

    /// <summary>The same, with the rows of queries and keys in the order of a rotation of neighbours.</summary>
    public static IReadOnlyList<TensorRule> RotatedAttention { get; } = AttentionWith(RowOrder.RotatedQueries, RowOrder.RotatedKeys);

    /// <summary>Norms of queries and keys.</summary>
    public static IReadOnlyList<TensorRule> HeadNorms { get; } =
    [
        new("blk.{n}.attn_q_norm.weight", Layer + "self_attn.q_norm.weight"),
        new("blk.{n}.attn_k_norm.weight", Layer + "self_attn.k_norm.weight"),
    ];

    /// <summary>The norms before the two halves of a layer.</summary>
    public static IReadOnlyList<TensorRule> Norms { get; } =
    [
        new("blk.{n}.attn_norm.*", Layer + "input_layernorm.*"),
        new("blk.{n}.ffn_norm.*", Layer + "post_attention_layernorm.*"),
    ];

    /// <summary>A gated feed-forward part.</summary>
    public static IReadOnlyList<TensorRule> FeedForward { get; } =
    [
        new("blk.{n}.ffn_gate.*", Layer + "mlp.gate_proj.*"),
        new("blk.{n}.ffn_up.*", Layer + "mlp.up_proj.*"),
        new("blk.{n}.ffn_down.*", Layer + "mlp.down_proj.*"),
    ];

    /// <summary>Llama with rows as Hugging Face has them.</summary>
    public static IReadOnlyList<TensorRule> Plain { get; } = [.. Ends, .. Norms, .. Attention, .. FeedForward];

    /// <summary>Llama itself.</summary>
    public static IReadOnlyList<TensorRule> Rotated { get; } = [.. Ends, .. Norms, .. RotatedAttention, .. FeedForward];

    /// <summary>A router and experts, each with tensors of its own.</summary>
    public static IReadOnlyList<TensorRule> Experts(string part = "mlp", string gate = "gate_proj", string up = "up_proj", string down = "down_proj") =>
    [
        new("blk.{n}.ffn_gate_inp.weight", $"{Layer}{part}.gate.weight"),
        new("blk.{n}.ffn_gate_exps.weight", $"{Layer}{part}.experts.{{e}}.{gate}.weight", Stacked.Experts),
        new("blk.{n}.ffn_up_exps.weight", $"{Layer}{part}.experts.{{e}}.{up}.weight", Stacked.Experts),
        new("blk.{n}.ffn_down_exps.weight", $"{Layer}{part}.experts.{{e}}.{down}.weight", Stacked.Experts),
    ];

    /// <summary>Experts that every token goes through.</summary>
    public static IReadOnlyList<TensorRule> SharedExperts(string part) =>
    [
        new("blk.{n}.ffn_gate_shexp.weight", $"{Layer}mlp.{part}.gate_proj.weight"),
        new("blk.{n}.ffn_up_shexp.weight", $"{Layer}mlp.{part}.up_proj.weight"),
        new("blk.{n}.ffn_down_shexp.weight", $"{Layer}mlp.{part}.down_proj.weight"),
    ];

    static IReadOnlyList<TensorRule> AttentionWith(TensorTransform? queries, TensorTransform? keys) =>
    [
        new("blk.{n}.attn_q.*", Layer + "self_attn.q_proj.*", queries),
        new("blk.{n}.attn_k.*", Layer + "self_attn.k_proj.*", keys),
        new("blk.{n}.attn_v.*", Layer + "self_attn.v_proj.*"),
        new("blk.{n}.attn_output.*", Layer + "self_attn.o_proj.*"),
    ];
}
