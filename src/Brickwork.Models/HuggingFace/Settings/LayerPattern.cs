using System.Text.Json.Nodes;

namespace Brickwork.Models.HuggingFace.Settings;

/// <summary>Which layers see everything and which have a window: every so many layers one sees everything.</summary>
/// <param name="Key">The number's name in metadata; null where the family knows one number only.</param>
/// <param name="Usual">The number where nothing is said.</param>
sealed record LayerPattern(string? Key, int Usual) : Setting
{
    const string Types = "layer_types";
    const string Period = "sliding_window_pattern";
    const string Everything = "full_attention";
    const string Window = "sliding_attention";

    public override void Read(ConfigSource config, CanonicalModel model)
    {
        var period = config.TryInt(Period) ?? Usual;
        if (config.TryTexts(Types) is { } types)
        {
            var first = Array.IndexOf(types, Everything);
            // A stack that ends before the first such layer tells nothing about the number.
            period = first >= 0 ? first + 1 : Math.Max(period, types.Length + 1);
            if (types.Length != model.Layers || types.Where((type, layer) => type != TypeOf(layer, period)).Any())
                throw config.Unsupported(Types, config.Find(Types)!.Value, $"{model.Layers} layers, of which every so-many-th is '{Everything}' and all others '{Window}'");
        }
        if (period == Usual)
            return;
        if (Key is null || period < 1)
            throw config.Unsupported(config.Find(Types) is null ? Period : Types, (config.Find(Types) ?? config.Find(Period))!.Value, $"every {Usual}th layer as '{Everything}'");
        model.Set(Key, (uint)period);
    }

    public override void Write(CanonicalModel model, JsonObject config)
    {
        var period = (Key is null ? null : model.TryInt(Key)) ?? Usual;
        config[Types] = new JsonArray([.. Enumerable.Range(0, model.Layers).Select(layer => (JsonNode)TypeOf(layer, period))]);
        if (Key is not null)
            config[Period] = period;
    }

    static string TypeOf(int layer, int period) => (layer + 1) % period == 0 ? Everything : Window;
}
