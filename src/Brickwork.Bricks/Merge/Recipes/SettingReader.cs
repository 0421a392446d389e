using System.Globalization;
using Brickwork.Formats.Yaml;
using YamlDotNet.RepresentationModel;

namespace Brickwork.Bricks.Merge.Recipes;

/// <summary>Reads the settings under <c>parameters:</c>: a value, a list of values, or cases with filters.</summary>
static class SettingReader
{
    const string Key = "parameters";
    const string All = "*";

    const string Texts = "data";

    /// <summary>Settings of which one may be a path: the texts that models are run over.</summary>
    public static IReadOnlyDictionary<string, MergeSetting> Read(YamlMap map, out string? texts)
    {
        var entries = map.Entries(Key);
        var node = entries.FirstOrDefault(entry => entry.Name == Texts).Value;
        texts = (node as YamlScalarNode)?.Value;
        if (node is not null and not YamlScalarNode)
            Refused(map, node, Texts, "the path of a file or folder");
        return Read(map, [.. entries.Where(entry => entry.Name != Texts)]);
    }

    public static IReadOnlyDictionary<string, MergeSetting> Read(YamlMap map) => Read(map, map.Entries(Key));

    static Dictionary<string, MergeSetting> Read(YamlMap map, IReadOnlyList<(string Name, YamlNode Value)> entries)
    {
        var settings = new Dictionary<string, MergeSetting>(StringComparer.Ordinal);
        foreach (var (name, node) in entries)
            if (Read(map, name, node) is { } setting)
                settings[name] = setting;
        return settings;
    }

    static MergeSetting? Read(YamlMap map, string name, YamlNode node) => node switch
    {
        YamlScalarNode scalar => Number(map, name, scalar) is { } value ? new MergeSetting.Constant(value) : null,
        YamlMappingNode mapping => Cases(map, name, [mapping]),
        YamlSequenceNode { Children.Count: > 0 } list when list.Children.All(item => item is YamlMappingNode) => Cases(map, name, [.. list.Children.Cast<YamlMappingNode>()]),
        YamlSequenceNode { Children.Count: > 0 } list when list.Children.All(item => item is YamlScalarNode) => Gradient(map, name, [.. list.Children.Cast<YamlScalarNode>()]),
        _ => Refused(map, node, name, "a value, a list of values, or a list of cases with 'filter' and 'value'"),
    };

    static MergeSetting.Gradient? Gradient(YamlMap map, string name, IReadOnlyList<YamlScalarNode> items)
    {
        double?[] values = [.. items.Select(item => Number(map, name, item))];
        return values.All(value => value is not null) ? new([.. values.OfType<double>()], items.Any(item => Truth(item.Value) is not null)) : null;
    }

    static MergeSetting.Filtered? Cases(YamlMap map, string name, IReadOnlyList<YamlMappingNode> items)
    {
        List<(string? Filter, MergeSetting Value)> cases = [];
        foreach (var item in items)
        {
            YamlNode? value = null;
            string? filter = null;
            foreach (var (key, entry) in item.Children)
                switch ((key as YamlScalarNode)?.Value)
                {
                    case "value":
                        value = entry;
                        break;
                    case "filter" when entry is YamlScalarNode { Value: { Length: > 0 } text }:
                        filter = text is All or "null" or "~" ? null : text;
                        break;
                    default:
                        Refused(map, key, name, "'filter' and 'value'");
                        break;
                }
            if (value is null)
                Refused(map, item, name, "a case with a 'value'");
            else if (Read(map, name, value) is { } setting)
                cases.Add((filter, setting));
        }
        return new(cases);
    }

    static double? Number(YamlMap map, string name, YamlScalarNode scalar)
    {
        if (Truth(scalar.Value) is { } truth)
            return truth;
        if (double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            return number;
        Refused(map, scalar, name, "a number, true or false");
        return null;
    }

    static double? Truth(string? text) => text?.ToLowerInvariant() switch { "true" => 1, "false" => 0, _ => null };

    static MergeSetting? Refused(YamlMap map, YamlNode at, string name, string expected)
    {
        map.Fault(at, $"{Key}.{name}", expected);
        return null;
    }
}
