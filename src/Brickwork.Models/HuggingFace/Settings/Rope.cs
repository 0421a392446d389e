using System.Text.Json.Nodes;

namespace Brickwork.Models.HuggingFace.Settings;

/// <summary>How positions turn queries and keys: the base of the frequencies, and how they are stretched for long contexts.</summary>
sealed record Rope : Setting
{
    /// <summary>The entry for the base.</summary>
    public string Base { get; init; } = "rope_theta";

    /// <summary>What a missing entry for the base means.</summary>
    public double DefaultBase { get; init; } = 10000;

    /// <summary>Where newer files keep the base and the scaling.</summary>
    public string Parameters { get; init; } = "rope_parameters";

    public override void Read(ConfigSource config, CanonicalModel model)
    {
        var scaling = config.Find(Parameters + ".rope_type") is null ? "rope_scaling" : Parameters;
        var @base = config.TryReal($"{Parameters}.rope_theta") ?? config.TryReal("rope_parameters.rope_theta") ?? config.TryReal(Base) ?? DefaultBase;
        model.Set("rope.freq_base", (float)@base);
        var type = config.TryText(scaling + ".rope_type") ?? config.TryText(scaling + ".type");
        switch (type)
        {
            case null or "default" or "mrope": break;
            case "linear":
                model.Set("rope.scaling.type", "linear");
                model.Set("rope.scaling.factor", Factor(config, scaling));
                break;
            case "dynamic": ReadDynamic(config, model, scaling, @base); break;
            case "yarn": RopeYarn.Read(config, model, scaling); break;
            case "llama3": RopeFactors.ReadLlama3(config, model, scaling, @base); break;
            case "longrope" or "su": RopeFactors.ReadLong(config, model, scaling); break;
            default: throw config.Unsupported(scaling, config.Find(scaling)!.Value, "the types default, linear, dynamic, yarn, llama3 and longrope");
        }
    }

    public override void Write(CanonicalModel model, JsonObject config)
    {
        config[Base] = Real.Decimal(model.TryFloat("rope.freq_base") ?? 10000);
        config["rope_scaling"] = RopeFactors.Write(model, config) ?? model.TryText("rope.scaling.type") switch
        {
            "yarn" => RopeYarn.Write(model),
            "linear" or null when model.TryFloat("rope.scaling.factor") is { } factor and not (0 or 1) => Scaling("linear", factor),
            _ => null,
        };
    }

    public static JsonObject Scaling(string type, float? factor = null)
    {
        // Older libraries read "type", newer ones "rope_type".
        var scaling = new JsonObject { ["rope_type"] = type, ["type"] = type };
        if (factor is { } number)
            scaling["factor"] = Real.Decimal(number);
        return scaling;
    }

    public static float Factor(ConfigSource config, string scaling) =>
        (float)(config.TryReal(scaling + ".factor") is { } factor and > 0 ? factor : throw config.Missing(scaling + ".factor", "a number above 0"));

    /// <summary>Stretches with the length of the text, but never within the context the model was trained for; with "alpha" the base is fixed.</summary>
    static void ReadDynamic(ConfigSource config, CanonicalModel model, string scaling, double @base)
    {
        if (config.TryReal(scaling + ".alpha") is { } alpha and > 0)
            model.Set("rope.freq_base", (float)Kernels.Rope.RopeOptions.StretchedBase(@base, alpha, model.Int("rope.dimension_count")));
    }
}
