namespace Brickwork.Models.HuggingFace.Settings;

/// <summary>The settings that most decoders share.</summary>
static class Decoders
{
    /// <summary>Width, layers, heads and lengths under the names that most families use.</summary>
    public static IReadOnlyList<Setting> Sizes { get; } =
    [
        new Size("hidden_size", "embedding_length"),
        new Size("num_hidden_layers", "block_count"),
        new Size("intermediate_size", "feed_forward_length"),
        new Size("num_attention_heads", "attention.head_count"),
        new Size("num_key_value_heads", "attention.head_count_kv") { DefaultKey = "attention.head_count" },
        new Size("max_position_embeddings", "context_length") { Default = 2048 },
        new Size("vocab_size", "vocab_size"),
    ];

    /// <summary>Llama and what follows it: RMSNorm, SiLU, whole heads turn.</summary>
    public static IReadOnlyList<Setting> Llama { get; } =
    [
        .. Sizes,
        new HeadWidth(),
        new Rope(),
        new Real("rms_norm_eps", "attention.layer_norm_rms_epsilon") { Default = 1e-6 },
        Fixed.Silu,
        new Tie(),
    ];

    /// <summary>Llama's with another way to know how wide a head is.</summary>
    public static IEnumerable<Setting> With(HeadWidth width, double rotationBase = 10000) =>
        Llama.Select(setting => setting switch { HeadWidth => width, Rope => new Rope { DefaultBase = rotationBase }, _ => setting });

    /// <summary>Experts under the names that most families use.</summary>
    public static IReadOnlyList<Setting> Experts(string count, string? width = "moe_intermediate_size") =>
    [
        new Size(count, "expert_count"),
        new Size("num_experts_per_tok", "expert_used_count"),
        .. width is null ? (Setting[])[] : [new Size(width, "expert_feed_forward_length")],
    ];

    /// <summary>The window of a layer that does not see everything.</summary>
    public static Size Window(int? otherwise = null) => new("sliding_window", "attention.sliding_window") { Default = otherwise, IsOptional = true, Least = 0 };
}
