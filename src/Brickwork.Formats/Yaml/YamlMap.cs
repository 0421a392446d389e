using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Brickwork.Formats.Yaml;

/// <summary>A mapping of a YAML file. Every key in it must be asked for: what is left over is a fault.</summary>
/// <param name="node">The mapping.</param>
/// <param name="path">Where it stands, such as <c>batch.</c>; empty at the top.</param>
/// <param name="faults">Where faults are collected.</param>
sealed class YamlMap(YamlMappingNode node, string path, List<string> faults)
{
    readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>A text, or null.</summary>
    public string? Text(string key) => Scalar(key)?.Value;

    /// <summary>A number, or null.</summary>
    public double? Number(string key) => Scalar(key) is { } scalar ? Number(key, scalar, "a number") : null;

    /// <summary>A whole number, or null; K, M and B behind it stand for thousands, millions and billions.</summary>
    public long? Whole(string key)
    {
        if (Scalar(key) is not { } scalar || Number(key, scalar, "a whole number") is not { } number)
            return null;
        if (number == Math.Floor(number) && Math.Abs(number) < long.MaxValue)
            return (long)number;
        Fault(scalar, key, scalar.Value, "a whole number");
        return null;
    }

    /// <summary>A whole number that fits into 32 bits, or null.</summary>
    public int? Small(string key)
    {
        var number = Whole(key);
        if (number is null or (>= int.MinValue and <= int.MaxValue))
            return (int?)number;
        Fault(Scalar(key)!, key, $"{number}", "a whole number below 2^31");
        return null;
    }

    /// <summary>true or false, or null.</summary>
    public bool? Flag(string key) => Choice(key, ("true", true), ("false", false));

    /// <summary>One of several words, or null.</summary>
    public T? Choice<T>(string key, params (string Word, T Value)[] choices) where T : struct
    {
        if (Scalar(key) is not { } scalar)
            return null;
        foreach (var (word, value) in choices)
            if (string.Equals(word, scalar.Value, StringComparison.OrdinalIgnoreCase))
                return value;
        Fault(scalar, key, scalar.Value, string.Join(", ", choices.Select(choice => choice.Word)));
        return null;
    }

    /// <summary>A list of texts, or one text; empty where there is none.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlScalarNode one:
                return [one.Value ?? ""];
            case YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode):
                return [.. list.Children.Select(item => ((YamlScalarNode)item).Value ?? "")];
            case var other:
                Fault(other, key, Kind(other), "a list of texts");
                return [];
        }
    }

    /// <summary>The mapping under a key, read by <paramref name="read"/> to its last key; or the fallback.</summary>
    public T Child<T>(string key, T fallback, Func<YamlMap, T> read)
    {
        switch (Find(key))
        {
            case null:
                return fallback;
            case YamlMappingNode mapping:
                return Read(mapping, $"{path}{key}.", read);
            case var other:
                Fault(other, key, Kind(other), "a mapping");
                return fallback;
        }
    }

    /// <summary>The mappings of a list; a plain text in it is read as a mapping of one key.</summary>
    public IReadOnlyList<T> Children<T>(string key, string plainKey, Func<YamlMap, T> read)
    {
        if (Find(key) is not { } found)
            return [];
        if (found is not YamlSequenceNode list)
        {
            Fault(found, key, Kind(found), "a list");
            return [];
        }
        List<T> items = [];
        foreach (var (item, index) in list.Children.Select((item, index) => (item, index)))
        {
            if (item is YamlSequenceNode)
                Fault(item, $"{key}[{index}]", Kind(item), "a mapping or a text");
            else
                items.Add(Read(item as YamlMappingNode ?? new YamlMappingNode(new YamlScalarNode(plainKey), item), $"{path}{key}[{index}].", read));
        }
        return items;
    }

    /// <summary>The entries of the mapping under a key, whatever their names and values; empty where there is none.</summary>
    public IReadOnlyList<(string Name, YamlNode Value)> Entries(string key)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlMappingNode mapping:
                return [.. mapping.Children.Select(entry => ((entry.Key as YamlScalarNode)?.Value ?? entry.Key.ToString(), entry.Value))];
            case var other:
                Fault(other, key, Kind(other), "a mapping");
                return [];
        }
    }

    /// <summary>Whether there is such a key.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Adds a fault about a key.</summary>
    public void Fault(string key, string expected) => Fault(Find(key) ?? node, key, (Find(key) as YamlScalarNode)?.Value ?? "missing", expected);

    /// <summary>Makes faults of the keys nobody asked for.</summary>
    public void Close()
    {
        foreach (var key in node.Children.Keys)
        {
            var name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!_known.Contains(name))
                faults.Add($"line {key.Start.Line}: '{path}{name}' is not known; expected one of {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    T Read<T>(YamlMappingNode mapping, string childPath, Func<YamlMap, T> read)
    {
        var child = new YamlMap(mapping, childPath, faults);
        var result = read(child);
        child.Close();
        return result;
    }

    YamlNode? Find(string key)
    {
        _known.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var found) && found is not YamlScalarNode { Value: null or "" or "null" or "~" } ? found : null;
    }

    YamlScalarNode? Scalar(string key)
    {
        if (Find(key) is not { } found)
            return null;
        if (found is YamlScalarNode scalar)
            return scalar;
        Fault(found, key, Kind(found), "a single value");
        return null;
    }

    double? Number(string key, YamlScalarNode scalar, string expected)
    {
        var text = scalar.Value!.Replace("_", "", StringComparison.Ordinal);
        var factor = text[^1] switch { 'K' or 'k' => 1e3, 'M' => 1e6, 'B' => 1e9, _ => 1 };
        if (double.TryParse(factor == 1 ? text : text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            return number * factor;
        Fault(scalar, key, scalar.Value, expected);
        return null;
    }

    /// <summary>Adds a fault about a node under a key.</summary>
    public void Fault(YamlNode at, string key, string expected) => Fault(at, key, (at as YamlScalarNode)?.Value ?? Kind(at), expected);

    void Fault(YamlNode at, string key, string? found, string expected) =>
        faults.Add($"line {at.Start.Line}: '{path}{key}' is {(found == "missing" ? "missing" : $"'{found}'")}; expected {expected}.");

    static string Kind(YamlNode found) => found switch { YamlMappingNode => "a mapping", YamlSequenceNode => "a list", _ => "a value" };
}
