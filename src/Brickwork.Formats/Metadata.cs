using System.Collections;
using System.Globalization;

namespace Brickwork;

/// <summary>What a model file says about itself: typed values under names such as <c>llama.block_count</c>, in file order.</summary>
/// <param name="source">The file the values come from; stands in every error.</param>
public sealed class Metadata(string source) : IEnumerable<KeyValuePair<string, MetadataValue>>
{
    readonly OrderedDictionary<string, MetadataValue> _values = [];

    /// <summary>The file the values come from.</summary>
    public string Source { get; } = source;

    /// <summary>How many values there are.</summary>
    public int Count => _values.Count;

    /// <summary>Adds or replaces a value: a number, bool, string, typed array or <see cref="MetadataValue"/>.</summary>
    public void Set(string key, object value) => _values[key] = value as MetadataValue ?? MetadataValue.Of(value);

    /// <summary>Removes a value, if present.</summary>
    public void Remove(string key) => _values.Remove(key);

    /// <summary>Whether there is a value under that name.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>The value, or null.</summary>
    public MetadataValue? Find(string key) => _values.GetValueOrDefault(key);

    /// <summary>A whole number that must be present.</summary>
    public int Int(string key) => TryInt(key) ?? throw Missing(key, "a whole number");

    /// <summary>A whole number, or null where there is none.</summary>
    public int? TryInt(string key) => Find(key) is { } value ? ToInt(key, value.Value) : null;

    /// <summary>A number that must be present.</summary>
    public float Float(string key) => TryFloat(key) ?? throw Missing(key, "a number");

    /// <summary>A number, or null where there is none.</summary>
    public float? TryFloat(string key) => Find(key) switch
    {
        null => null,
        { IsArray: false, Type: not (MetadataType.String or MetadataType.Boolean) } value => Convert.ToSingle(value.Value, CultureInfo.InvariantCulture),
        { } value => throw Wrong(key, value.Value, "a number"),
    };

    /// <summary>A truth value, or null where there is none.</summary>
    public bool? TryBool(string key) => Find(key) switch
    {
        null => null,
        { Value: bool flag } => flag,
        { } value => throw Wrong(key, value.Value, "true or false"),
    };

    /// <summary>A text that must be present.</summary>
    public string Text(string key) => TryText(key) ?? throw Missing(key, "a text");

    /// <summary>A text, or null where there is none.</summary>
    public string? TryText(string key) => Find(key) switch
    {
        null => null,
        { Value: string text } => text,
        { } value => throw Wrong(key, value.Value, "a text"),
    };

    /// <summary>An array of texts, or null where there is none.</summary>
    public string[]? TryTexts(string key) => Find(key) switch
    {
        null => null,
        { Value: string[] texts } => texts,
        { } value => throw Wrong(key, value.Value, "an array of texts"),
    };

    /// <summary>An array of whole numbers, or null where there is none.</summary>
    public int[]? TryInts(string key) => Find(key) switch
    {
        null => null,
        { Value: Array array and not (string[] or bool[] or float[] or double[]) } => [.. array.Cast<object>().Select(item => ToInt(key, item))],
        { Value: bool[] flags } => [.. flags.Select(flag => flag ? 1 : 0)],
        { } value => throw Wrong(key, value.Value, "an array of whole numbers"),
    };

    /// <summary>An array of numbers, or null where there is none.</summary>
    public float[]? TryFloats(string key) => Find(key) switch
    {
        null => null,
        { Value: float[] floats } => floats,
        { Value: double[] doubles } => [.. doubles.Select(number => (float)number)],
        { } value => throw Wrong(key, value.Value, "an array of numbers"),
    };

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, MetadataValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    int ToInt(string key, object value)
    {
        if (value is string or bool or float or double or Array)
            throw Wrong(key, value, "a whole number");
        var number = Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        // An unsigned −1 is how some converters write "none".
        if (number == uint.MaxValue || number == ulong.MaxValue)
            return -1;
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Wrong(key, value, "a whole number below 2^31");
    }

    CheckpointException Missing(string key, string expected) => new(
        $"Metadata '{key}' in {Source} is missing; expected {expected}.", "Convert the model again, or look at what it holds: brick inspect --json -m FILE");

    CheckpointException Wrong(string key, object found, string expected) => new(
        $"Metadata '{key}' in {Source} is {Describe(found)}; expected {expected}.", "Convert the model again, or look at what it holds: brick inspect --json -m FILE");

    static string Describe(object value) => value switch
    {
        Array array => $"an array of {array.Length} × {array.GetType().GetElementType()!.Name}",
        string text => $"the text '{(text.Length > 40 ? text[..40] + "…" : text)}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
