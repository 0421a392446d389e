using System.Text.Json.Nodes;

namespace Brickwork.Models.HuggingFace.Settings;

/// <summary>YaRN in config.json: the factor, the context before it, and how much attention is sharpened.</summary>
static class RopeYarn
{
    const string Original = "original_max_position_embeddings";

    public static void Read(ConfigSource config, CanonicalModel model, string scaling)
    {
        var context = model.TryInt("context_length") ?? 0;
        var original = config.TryInt($"{scaling}.{Original}") ?? config.TryInt(Original) ?? context;
        var factor = config.TryReal(scaling + ".factor") is { } given and > 0 ? given : original > 0 ? (double)context / original : throw config.Missing(scaling + ".factor", "a number above 0");
        model.Set("rope.scaling.type", "yarn");
        model.Set("rope.scaling.factor", (float)factor);
        model.Set("rope.scaling.original_context_length", (uint)original);
        if (config.TryReal(scaling + ".beta_fast") is { } fast && fast != 32)
            model.Set("rope.scaling.yarn_beta_fast", (float)fast);
        if (config.TryReal(scaling + ".beta_slow") is { } slow && slow != 1)
            model.Set("rope.scaling.yarn_beta_slow", (float)slow);
        ReadAttention(config, model, scaling, factor);
    }

    public static JsonObject Write(CanonicalModel model)
    {
        var scaling = Rope.Scaling("yarn", model.TryFloat("rope.scaling.factor") ?? 1);
        scaling[Original] = model.TryInt("rope.scaling.original_context_length") ?? model.Int("context_length");
        scaling["beta_fast"] = Real.Decimal(model.TryFloat("rope.scaling.yarn_beta_fast") ?? 32);
        scaling["beta_slow"] = Real.Decimal(model.TryFloat("rope.scaling.yarn_beta_slow") ?? 1);
        if (model.TryFloat("rope.scaling.yarn_log_multiplier") is { } multiplier)
            (scaling["mscale"], scaling["mscale_all_dim"]) = (Real.Decimal(multiplier / Unit(model)), Real.Decimal(multiplier / Unit(model)));
        if (model.TryFloat("rope.scaling.attn_factor") is { } attention)
            scaling["attention_factor"] = attention * Magnitude(model.TryFloat("rope.scaling.factor") ?? 1, 1);
        if (model.TryFloat("attention.temperature_scale") is { } beta)
            scaling["llama_4_scaling_beta"] = Real.Decimal(beta);
        return scaling;
    }

    // Files of these two families hold the multiplier itself, and scale attention by it; for all others it is worked into the magnitude here.
    static void ReadAttention(ConfigSource config, CanonicalModel model, string scaling, double factor)
    {
        var (own, all) = (config.TryReal(scaling + ".mscale"), config.TryReal(scaling + ".mscale_all_dim"));
        if (model.Architecture is "deepseek2" or "mistral3")
        {
            if (all is { } multiplier and not 0)
                model.Set("rope.scaling.yarn_log_multiplier", (float)multiplier * Unit(model));
            if (config.TryReal(scaling + ".llama_4_scaling_beta") is { } beta)
                model.Set("attention.temperature_scale", (float)beta);
            return;
        }
        var usual = Magnitude(factor, 1);
        var wanted = config.TryReal(scaling + ".attention_factor") ?? (own > 0 && all > 0 ? Magnitude(factor, own.Value) / Magnitude(factor, all.Value) : usual);
        if (Math.Abs(wanted - usual) > 1e-7 * usual)
            model.Set("rope.scaling.attn_factor", (float)(wanted / usual));
    }

    static float Unit(CanonicalModel model) => model.Architecture == "deepseek2" ? 0.1f : 1;

    static double Magnitude(double factor, double multiplier) => factor <= 1 ? 1 : 0.1 * multiplier * Math.Log(factor) + 1;
}
