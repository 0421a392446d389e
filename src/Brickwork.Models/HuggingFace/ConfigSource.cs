using System.Text.Json;

namespace Brickwork.Models.HuggingFace;

/// <summary>The settings in <c>config.json</c>, read with errors that name the file.</summary>
/// <param name="Root">The object that describes the text model.</param>
/// <param name="Outer">The object of the whole file; another one where the text model is a part of something larger.</param>
/// <param name="Path">The file.</param>
sealed record ConfigSource(JsonElement Root, JsonElement Outer, string Path)
{
    const string Correct = "Download config.json again, or correct it.";

    /// <summary>The settings of a folder; where the model also sees or hears, those of its text half.</summary>
    public static ConfigSource Of(HuggingFaceFolder folder)
    {
        var outer = folder.Config;
        var text = outer.TryGetProperty("text_config", out var inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("model_type", out _) ? inner : outer;
        return new ConfigSource(text, outer, System.IO.Path.Combine(folder.Path, "config.json"));
    }

    /// <summary>The value of a name, or of a path such as <c>rope_parameters.rope_theta</c>; null where there is none.</summary>
    public JsonElement? Find(string name)
    {
        var value = Root;
        foreach (var part in name.Split('.'))
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(part, out value))
                return null;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    public int? TryInt(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => number,
        // Python writes some whole numbers as 4096.0.
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue => (int)number,
        { } value => throw Wrong(name, value, "a whole number below 2^31"),
    };

    public double? TryReal(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when Math.Abs(value.GetDouble()) <= float.MaxValue => value.GetDouble(),
        { } value => throw Wrong(name, value, "a number of usual size"),
    };

    public bool? TryFlag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(name, value, "true or false"),
    };

    public string? TryText(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw Wrong(name, value, "a text"),
    };

    /// <summary>A list of numbers, or null where there is none.</summary>
    public float[]? TryReals(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number ? (float)item.GetDouble() : throw Wrong(name, list, "a list of numbers"))],
        { } value => throw Wrong(name, value, "a list of numbers"),
    };

    /// <summary>A list of texts, or null where there is none.</summary>
    public string[]? TryTexts(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(name, list, "a list of texts"))],
        { } value => throw Wrong(name, value, "a list of texts"),
    };

    public CheckpointException Missing(string name, string expected) => new($"'{name}' is missing in {Path}; expected {expected}.", Correct);

    public CheckpointException Wrong(string name, object found, string expected) => new($"'{name}' in {Path} is {found}; expected {expected}.", Correct);

    public CheckpointException Wrong(string name, JsonElement found, string expected) => new($"'{name}' in {Path} is {Show(found)}; expected {expected}.", Correct);

    public UnsupportedModelException Unsupported(string name, JsonElement found, string known) =>
        new($"'{name}' in {Path} is {Show(found)}; for this family this version has {known}.", "Ask for it in an issue, with the name of the model.");

    static string Show(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText();
}
