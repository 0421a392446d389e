using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Brickwork.Formats.BrickFiles;

/// <summary>What <c>adapter_config.json</c> of a PEFT folder says, as far as it changes what the adapter computes.</summary>
sealed record PeftConfig
{
    /// <summary>Describe how an adapter was made, or repeat what its tensors show.</summary>
    static readonly FrozenSet<string> Harmless = FrozenSet.ToFrozenSet(
    [
        "auto_mapping", "base_model_name_or_path", "revision", "task_type", "inference_mode", "peft_version", "target_modules", "exclude_modules",
        "modules_to_save", "feedforward_modules", "init_lora_weights", "init_ia3_weights", "lora_dropout", "layers_to_transform", "layers_pattern",
        "loftq_config", "eva_config", "corda_config", "runtime_config", "ephemeral_gpu_offload", "megatron_core", "fan_in_fan_out", "target_parameters",
        "ensure_weight_tying", "lora_ga_config", "num_virtual_tokens", "token_dim", "num_attention_heads", "num_layers", "prompt_tuning_init", "prompt_tuning_init_text",
        "tokenizer_name_or_path", "encoder_hidden_size", "prefix_projection",
    ]);

    /// <summary>The exact <c>peft_type</c>.</summary>
    public required string Type { get; init; }

    public int Rank { get; init; } = 8;

    public float Alpha { get; init; } = 8;

    public bool IsRankStabilized { get; init; }

    public bool IsDora { get; init; }

    /// <summary>Ranks of modules whose names end so.</summary>
    public IReadOnlyDictionary<string, float> RankPattern { get; init; } = new Dictionary<string, float>();

    public IReadOnlyDictionary<string, float> AlphaPattern { get; init; } = new Dictionary<string, float>();

    /// <summary>Modules of feed-forward parts, whose inputs are scaled.</summary>
    public IReadOnlyList<string> FeedForwardModules { get; init; } = [];

    public string? BaseModel { get; init; }

    /// <summary>α/r, or α/√r where that is stabilized.</summary>
    public double FactorOf(string module, int rank)
    {
        var alpha = Of(AlphaPattern, module) ?? Alpha;
        return alpha / (IsRankStabilized ? Math.Sqrt(rank) : rank);
    }

    /// <summary>The rank that the settings imply for a module.</summary>
    public int RankOf(string module) => (int)(Of(RankPattern, module) ?? Rank);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="CheckpointException">They are damaged.</exception>
    /// <exception cref="UnsupportedModelException">They ask for something that this version does not do.</exception>
    public static PeftConfig Read(JsonElement json, string path)
    {
        try
        {
            var config = new PeftConfig { Type = json.GetProperty("peft_type").GetString() ?? "" };
            foreach (var entry in json.EnumerateObject())
                config = Take(config, entry, path);
            // A key that is no regular expression is found out here instead of at the first module.
            config.FactorOf("", 1);
            config.RankOf("");
            return config;
        }
        catch (Exception cause) when (cause is ArgumentException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"{path} is no configuration of PEFT: {cause.Message}", "Name the folder of an adapter that PEFT has saved.", cause);
        }
    }

    static PeftConfig Take(PeftConfig config, JsonProperty entry, string path) => entry.Name switch
    {
        "peft_type" => config,
        "r" => config with { Rank = entry.Value.GetInt32() },
        "lora_alpha" => config with { Alpha = entry.Value.GetSingle() },
        "use_rslora" => config with { IsRankStabilized = entry.Value.GetBoolean() },
        "use_dora" => config with { IsDora = entry.Value.GetBoolean() },
        "rank_pattern" => config with { RankPattern = Numbers(entry.Value) },
        "alpha_pattern" => config with { AlphaPattern = Numbers(entry.Value) },
        "feedforward_modules" when entry.Value.ValueKind == JsonValueKind.Array =>
            config with { FeedForwardModules = [.. entry.Value.EnumerateArray().Select(item => item.GetString() ?? "")] },
        "feedforward_modules" when entry.Value.ValueKind == JsonValueKind.String => config with { FeedForwardModules = [entry.Value.GetString()!] },
        "base_model_name_or_path" => config with { BaseModel = entry.Value.GetString() },
        "num_transformer_submodules" when entry.Value.ValueKind != JsonValueKind.Number || entry.Value.GetInt32() == 1 => config,
        "bias" when entry.Value.GetString() == "none" => config,
        _ when Harmless.Contains(entry.Name) || IsOff(entry.Value) => config,
        _ => throw new UnsupportedModelException($"{path} sets '{entry.Name}' to {Shortened(entry.Value.GetRawText())}, which this version does not do.",
            "Left out, the adapter would compute something else. Merge it into its model with the library it comes from."),
    };

    // PEFT: re.match(rf"(.*\.)?({key})$", module).
    static float? Of(IReadOnlyDictionary<string, float> patterns, string module)
    {
        foreach (var (key, value) in patterns)
            if (Regex.IsMatch(module, $@"^(?:.*\.)?(?:{key})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
                return value;
        return null;
    }

    static Dictionary<string, float> Numbers(JsonElement json) => json.ValueKind == JsonValueKind.Null ? []
        : json.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetSingle(), StringComparer.Ordinal);

    static bool IsOff(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Number => value.GetDouble() == 0,
        _ => false,
    };

    static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
