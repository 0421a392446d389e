using Brickwork.Kernels.Rope;

namespace Brickwork.Models.Loading;

/// <summary>Reads from a checkpoint how positions turn queries and keys; layers with the same rotation share one table.</summary>
sealed class RopeBuilder(ModelBuilder model)
{
    readonly Dictionary<(RopeStyle, int, float, bool), RopeTable> _tables = [];

    /// <param name="style">Which values turn together.</param>
    /// <param name="width">How many values of a head turn; null = what the file says, or else the whole head.</param>
    /// <param name="frequencyBase">null = what the file says, or else 10000.</param>
    /// <param name="scaled">Whether the file's scaling for long contexts holds.</param>
    public RopeTable Table(RopeStyle style, int? width = null, float? frequencyBase = null, bool scaled = true)
    {
        var turned = width ?? DefaultWidth;
        var key = (style, turned, frequencyBase ?? model.TryFloat("rope.freq_base") ?? 10000, scaled);
        if (!_tables.TryGetValue(key, out var table))
            _tables[key] = table = Create(style, turned, key.Item3, scaled);
        return table;
    }

    int DefaultWidth => model.TrySize("rope.dimension_count") ?? model.TrySize("attention.key_length")
        ?? model.Width / model.Within("attention.head_count", model.Int("attention.head_count", 0), 1, model.Width);

    RopeTable Create(RopeStyle style, int width, float frequencyBase, bool scaled)
    {
        if (width <= 0 || width % 2 != 0)
            throw Faults.WrongValue(model.Key("rope.dimension_count"), model.Source, width, "an even number above 0");
        var plain = new RopeOptions { Style = style, Width = width, Base = frequencyBase };
        return new RopeTable(scaled ? Scale(plain) : plain);
    }

    RopeOptions Scale(RopeOptions options)
    {
        var type = model.TryText("rope.scaling.type") ?? "linear";
        var factor = model.TryFloat("rope.scaling.factor") ?? model.TryFloat("rope.scale_linear") ?? 1;
        var attention = model.TryFloat("rope.scaling.attn_factor") ?? 1;
        options = options with { FrequencyFactors = FrequencyFactors(options.Width), Magnitude = attention };
        return type switch
        {
            "none" => options,
            "linear" or "longrope" or "su" => options with { ScalingFactor = factor == 0 ? 1 : factor },
            "yarn" => options with { ScalingFactor = factor, Yarn = Yarn(factor) },
            _ => throw new UnsupportedModelException($"Metadata '{model.Key("rope.scaling.type")}' in {model.Source} is '{type}'; this version has none, linear, yarn and longrope.",
                "Please report the model in an issue."),
        };
    }

    YarnOptions Yarn(float factor) => new()
    {
        OriginalContext = OriginalContext,
        ExtrapolationFactor = model.TryFloat("rope.scaling.yarn_ext_factor") ?? 1,
        BetaFast = model.TryFloat("rope.scaling.yarn_beta_fast") ?? 32,
        BetaSlow = model.TryFloat("rope.scaling.yarn_beta_slow") ?? 1,
        AttentionFactor = YarnAttention(factor),
    };

    /// <summary>Files with a log multiplier scale attention elsewhere, so the rotation's own magnitude is taken back.</summary>
    double YarnAttention(float factor)
    {
        if (model.TryFloat("rope.scaling.yarn_log_multiplier") is not { } all || all == 0)
            return 1;
        var own = model.Architecture == "deepseek2" && all != 1 ? all : 1;
        return Magnitude(factor, own) / Magnitude(factor, all) / Magnitude(factor, 1);
    }

    static double Magnitude(float factor, float multiplier) => factor <= 1 ? 1 : 1 + 0.1 * multiplier * Math.Log(factor);

    /// <summary>Divisors of the frequencies: one set, or one for short and one for long contexts.</summary>
    float[]? FrequencyFactors(int width)
    {
        var name = model.Has("rope_freqs.weight") ? "rope_freqs.weight"
            : !model.Has("rope_factors_long.weight") ? null
            : model.Context > OriginalContext ? "rope_factors_long.weight" : "rope_factors_short.weight";
        foreach (var other in (string[])["rope_factors_long.weight", "rope_factors_short.weight"])
            model.Ignore(other);
        if (name is null)
            return null;
        var factors = model.Values(name);
        return factors.Columns >= width / 2 ? factors.Floats.ToArray()
            : throw Faults.WrongShape(name, model.Source, factors.Shape, width / 2);
    }

    int OriginalContext => model.TryInt("rope.scaling.original_context_length") ?? model.TrainedContext;
}
