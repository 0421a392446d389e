namespace Brickwork.Models.Conversion;

/// <summary>A named choice of storage types: one for most tensors, others where precision pays.</summary>
/// <remarks>The mixes of K types are llama.cpp's: more bits for the head, for values, and for the first and last layers.</remarks>
/// <param name="Name">Such as <c>Q4_K_M</c>.</param>
/// <param name="Main">The type of most matrices.</param>
/// <param name="FileType">The number in <c>general.file_type</c>.</param>
sealed record QuantizationMix(string Name, DType Main, uint FileType)
{
    public static IReadOnlyList<QuantizationMix> All { get; } =
    [
        new("F32", DType.F32, 0), new("F16", DType.F16, 1), new("BF16", DType.BF16, 32),
        new("Q8_0", DType.Q8_0, 7), new("Q4_0", DType.Q4_0, 2), new("Q4_1", DType.Q4_1, 3), new("Q5_0", DType.Q5_0, 8), new("Q5_1", DType.Q5_1, 9),
        new("Q2_K", DType.Q2_K, 10), new("Q3_K_S", DType.Q3_K, 11), new("Q3_K_M", DType.Q3_K, 12), new("Q3_K_L", DType.Q3_K, 13),
        new("Q4_K_S", DType.Q4_K, 14), new("Q4_K_M", DType.Q4_K, 15), new("Q5_K_S", DType.Q5_K, 16), new("Q5_K_M", DType.Q5_K, 17), new("Q6_K", DType.Q6_K, 18),
        new("IQ4_NL", DType.IQ4_NL, 25), new("IQ4_XS", DType.IQ4_XS, 30), new("TQ1_0", DType.TQ1_0, 36), new("TQ2_0", DType.TQ2_0, 37),
    ];

    // What people write for the plain names.
    static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Q3_K"] = "Q3_K_M", ["Q4_K"] = "Q4_K_M", ["Q5_K"] = "Q5_K_M",
    };

    /// <exception cref="UnsupportedModelException">There is none of that name.</exception>
    public static QuantizationMix Parse(string name)
    {
        var wanted = Aliases.GetValueOrDefault(name, name);
        return All.FirstOrDefault(mix => mix.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)) ?? throw new UnsupportedModelException(
            $"The storage type '{name}' is not known; expected one of {string.Join(", ", All.Select(mix => mix.Name))}.", "Choose one of these; Q4_K_M and Q8_0 are usual.");
    }

    /// <summary>Whether a tensor stays F32 in every mix: what is small, and what choices hang on.</summary>
    public static bool StaysExact(TensorInfo tensor) =>
        tensor.Shape.Rank < 2
        || !tensor.Name.EndsWith(".weight", StringComparison.Ordinal)
        || tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal)
        || tensor.Name is "position_embd.weight" or "token_types.weight"
        || tensor.Name.Contains("ffn_gate_inp", StringComparison.Ordinal)
        || tensor.Name.Contains("ssm_conv1d", StringComparison.Ordinal)
        || tensor.Name.Contains("shortconv.conv", StringComparison.Ordinal);

    /// <summary>The type for a matrix, whether or not its rows fit.</summary>
    public DType TypeFor(TensorInfo tensor, MixContext model) => StaysExact(tensor) ? DType.F32
        : IsHead(tensor.Name, model) ? HeadType
        : Main is DType.Q2_K or DType.Q3_K or DType.Q4_K or DType.Q5_K && Place(tensor.Name) is { } place ? Raised(place.Part, place.Layer, model) ?? Main
        : Main;

    /// <summary>The nearest type whose blocks divide the rows.</summary>
    public static DType Fitting(DType wanted, int columns)
    {
        if (columns % wanted.BlockLength() == 0)
            return wanted;
        var smaller = wanted switch
        {
            DType.Q2_K or DType.Q3_K or DType.IQ4_XS or DType.TQ1_0 or DType.TQ2_0 => DType.IQ4_NL,
            DType.Q4_K => DType.Q5_0,
            DType.Q5_K => DType.Q5_1,
            DType.Q6_K => DType.Q8_0,
            _ => DType.F16,
        };
        return columns % smaller.BlockLength() == 0 ? smaller : DType.F16;
    }

    static bool IsHead(string name, MixContext model) => name == "output.weight" || name == "token_embd.weight" && model.SharesHead;

    DType HeadType => Main switch
    {
        DType.Q2_K or DType.Q3_K or DType.Q4_K or DType.Q5_K or DType.Q6_K or DType.IQ4_XS or DType.IQ4_NL or DType.TQ1_0 or DType.TQ2_0 => DType.Q6_K,
        _ => Main,
    };

    /// <summary>A higher type for a part of a layer, or null.</summary>
    DType? Raised(string part, int layer, MixContext model) => part switch
    {
        "attn_v" => Values(layer, model),
        "attn_k" => model.Experts >= 8 ? DType.Q8_0 : null,
        "attn_qkv" => Name switch { "Q3_K_M" or "Q3_K_L" => DType.Q4_K, "Q4_K_M" => DType.Q5_K, "Q5_K_M" => DType.Q6_K, _ => null },
        "attn_output" => model.Experts == 8 && Main != DType.Q5_K ? DType.Q5_K
            : Name switch { "Q2_K" => DType.Q3_K, "Q3_K_M" => DType.Q4_K, "Q3_K_L" => DType.Q5_K, _ => null },
        "ffn_down" or "ffn_down_exps" => Down(layer, model.Layers),
        _ => null,
    };

    DType? Values(int layer, MixContext model) => model.Experts >= 8 ? DType.Q8_0 : Name switch
    {
        "Q2_K" => model.QueriesPerKey >= 4 ? DType.Q4_K : DType.Q3_K,
        "Q3_K_M" => layer < 2 ? DType.Q5_K : DType.Q4_K,
        "Q3_K_L" => DType.Q5_K,
        "Q4_K_S" => layer < 4 ? DType.Q5_K : null,
        "Q4_K_M" or "Q5_K_M" => IsSensitive(layer, model.Layers) ? DType.Q6_K : null,
        _ => null,
    };

    DType? Down(int layer, int layers) => Name switch
    {
        "Q2_K" => DType.Q3_K,
        "Q3_K_M" => layer < layers / 16 ? DType.Q5_K : DType.Q4_K,
        "Q3_K_L" => DType.Q5_K,
        "Q4_K_S" => layer < layers / 8 ? DType.Q5_K : null,
        "Q4_K_M" or "Q5_K_M" => IsSensitive(layer, layers) ? DType.Q6_K : null,
        _ => null,
    };

    /// <summary>The first and last eighth of the layers, and every third between.</summary>
    static bool IsSensitive(int layer, int layers) => layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;

    static (int Layer, string Part)? Place(string name) =>
        name.Split('.') is ["blk", var number, var part, "weight"] && int.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out var layer) ? (layer, part) : null;
}

/// <summary>What a mix asks about the model.</summary>
/// <param name="Layers">How many layers.</param>
/// <param name="Experts">Experts of a layer; 0 where there are none.</param>
/// <param name="QueriesPerKey">Heads of queries for each head of keys.</param>
/// <param name="SharesHead">Whether the embedding is the head as well.</param>
sealed record MixContext(int Layers, int Experts, int QueriesPerKey, bool SharesHead)
{
    public static MixContext Of(Checkpoint checkpoint)
    {
        var model = new HuggingFace.CanonicalModel(checkpoint.Metadata.Text("general.architecture"), checkpoint.Metadata, checkpoint);
        var heads = model.TryInt("attention.head_count", 0) ?? 1;
        return new MixContext(model.TryInt("block_count") ?? 0, model.TryInt("expert_count") ?? 0,
            heads / Math.Max(1, model.TryInt("attention.head_count_kv", 0) ?? heads), !checkpoint.Contains("output.weight"));
    }
}
