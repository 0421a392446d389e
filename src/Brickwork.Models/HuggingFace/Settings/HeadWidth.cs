using System.Text.Json.Nodes;

namespace Brickwork.Models.HuggingFace.Settings;

/// <summary>How wide a head is, and how much of it turns with the position.</summary>
sealed record HeadWidth : Setting
{
    /// <summary>The entry for the width; families without one have D/H.</summary>
    public string? Name { get; init; } = "head_dim";

    /// <summary>What a missing entry means; null = D/H.</summary>
    public int? Default { get; init; }

    /// <summary>The entry for the part that turns; null = all of it always.</summary>
    public string? Partial { get; init; }

    /// <summary>What a missing entry for the part means.</summary>
    public double DefaultPartial { get; init; } = 1;

    // Far beyond what is published; a wider head would only be a wrong number.
    const int Widest = 1 << 16;

    public override void Read(ConfigSource config, CanonicalModel model)
    {
        var (width, heads) = (model.Int("embedding_length"), model.Int("attention.head_count"));
        if (width % heads != 0 && Name is null)
            throw config.Wrong("num_attention_heads", heads, $"a divisor of {width}, the width");
        var given = (Name is null ? null : config.TryInt(Name)) ?? Default;
        var head = given ?? width / heads;
        if (head is < 1 or > Widest)
            throw config.Wrong(Name ?? "hidden_size / num_attention_heads", head, $"1 to {Widest}");
        if (given is not null && given != width / (double)heads)
        {
            model.Set("attention.key_length", (uint)head);
            model.Set("attention.value_length", (uint)head);
        }
        var part = (Partial is null ? null : config.TryReal(Partial) ?? config.TryReal("rope_parameters." + Partial) ?? config.TryReal("rope_parameters.partial_rotary_factor"))
            ?? DefaultPartial;
        if (part is <= 0 or > 1)
            throw config.Wrong(Partial!, part, "a number above 0, at most 1");
        model.Set("rope.dimension_count", (uint)(part * head));
    }

    public override void Write(CanonicalModel model, JsonObject config)
    {
        var head = model.KeyWidth;
        if (head != model.ValueWidth)
            throw new UnsupportedModelException($"{model.Source} has keys of {head} values and values of {model.ValueWidth}; config.json has one head_dim.", "Keep this model as GGUF.");
        if (Name is not null)
            config[Name] = head;
        if (Partial is not null)
            config[Partial] = (double)(model.TryInt("rope.dimension_count") ?? head) / head;
    }
}
