using System.Text.Json.Nodes;
using Brickwork.Kernels.Rope;

namespace Brickwork.Models.HuggingFace.Settings;

/// <summary>Divisors for each frequency: GGUF keeps them as tensors, config.json as lists (longrope) or as the numbers they follow from (llama3).</summary>
static class RopeFactors
{
    const string Original = "original_max_position_embeddings";

    // The divisors alone do not tell these numbers; what is published uses one of a few sets.
    static readonly (double Factor, double Low, double High, int Original)[] PublishedLlama3 =
        [(8, 1, 4, 8192), (32, 1, 4, 8192), (16, 1, 4, 8192), (8, 1, 1, 8192), (4, 1, 4, 8192)];

    public static void ReadLlama3(ConfigSource config, CanonicalModel model, string scaling, double @base)
    {
        double Number(string name) => config.TryReal($"{scaling}.{name}") is { } value and > 0 ? value : throw config.Missing($"{scaling}.{name}", "a number above 0");
        var factors = RopeOptions.Llama3Factors(model.Int("rope.dimension_count"), @base, Number("factor"), Number("low_freq_factor"), Number("high_freq_factor"), (int)Number(Original));
        model.Made["rope_freqs.weight"] = Tensor.From(factors, factors.Length);
    }

    public static void ReadLong(ConfigSource config, CanonicalModel model, string scaling)
    {
        foreach (var kind in (string[])["long", "short"])
        {
            var name = $"{scaling}.{kind}_factor";
            var factors = config.TryReals(name) ?? throw config.Missing(name, "a list of numbers");
            if (factors.Length != model.Int("rope.dimension_count") / 2)
                throw config.Wrong(name, config.Find(name)!.Value, $"{model.Int("rope.dimension_count") / 2} numbers");
            model.Made[$"rope_factors_{kind}.weight"] = Tensor.From(factors, factors.Length);
        }
        var context = model.Int("context_length");
        var original = config.TryInt($"{scaling}.{Original}") ?? config.TryInt(Original) ?? context;
        var stretch = config.TryInt(Original) is null && config.TryReal(scaling + ".factor") is { } factor ? factor * original : context;
        model.Set("rope.scaling.original_context_length", (uint)original);
        model.Set("rope.scaling.attn_factor", (float)(config.TryReal(scaling + ".attention_factor") ?? RopeOptions.LongRopeMagnitude(stretch, original)));
    }

    /// <summary>The object for config.json, or null where there are no such tensors.</summary>
    public static JsonObject? Write(CanonicalModel model, JsonObject config)
    {
        if (model.TryFloats("rope_freqs.weight") is { } factors)
            return WriteLlama3(model, factors) ?? WriteLong(model, config, factors, factors, 1);
        return model.TryFloats("rope_factors_long.weight") is { } longs && model.TryFloats("rope_factors_short.weight") is { } shorts
            ? WriteLong(model, config, longs, shorts, model.TryFloat("rope.scaling.attn_factor") ?? 1)
            : null;
    }

    static JsonObject? WriteLlama3(CanonicalModel model, float[] factors)
    {
        var @base = model.TryFloat("rope.freq_base") ?? 10000;
        foreach (var (factor, low, high, original) in PublishedLlama3)
        {
            var expected = RopeOptions.Llama3Factors(factors.Length * 2, @base, factor, low, high, original);
            if (!expected.Zip(factors).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-6f * pair.First))
                continue;
            var scaling = Rope.Scaling("llama3", (float)factor);
            scaling["low_freq_factor"] = low;
            scaling["high_freq_factor"] = high;
            scaling[Original] = original;
            return scaling;
        }
        return null;
    }

    static JsonObject WriteLong(CanonicalModel model, JsonObject config, float[] longs, float[] shorts, float attention)
    {
        var (context, original) = (model.Int("context_length"), model.TryInt("rope.scaling.original_context_length") ?? model.Int("context_length"));
        var scaling = Rope.Scaling("longrope");
        scaling["long_factor"] = List(longs);
        scaling["short_factor"] = List(shorts);
        config[Original] = original;
        // Some readers refuse other entries than these; the usual magnitude follows from the lengths.
        if (Math.Abs(attention - RopeOptions.LongRopeMagnitude(context, original)) > 1e-6)
            scaling["attention_factor"] = Real.Decimal(attention);
        return scaling;
    }

    static JsonArray List(float[] values) => [.. values.Select(value => (JsonNode)Real.Decimal(value))];
}
