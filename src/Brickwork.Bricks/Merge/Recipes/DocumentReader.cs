using System.Globalization;
using Brickwork.Formats.Yaml;

namespace Brickwork.Bricks.Merge.Recipes;

/// <summary>Reads mergekit's configuration, key by key; a key that is not known is a fault.</summary>
static class DocumentReader
{
    static readonly Dictionary<string, MergeSetting> None = [];

    public static MergeDocument Read(YamlMap map)
    {
        var method = map.Text("merge_method");
        if (method is null)
            map.Fault("merge_method", "the name of a method");
        var slices = map.Children("slices", "sources", Slice);
        var models = map.Children("models", "model", Input);
        var bricks = map.Children("bricks", "brick", Brick);
        var module = Module(map);
        if ((slices.Count > 0 ? 1 : 0) + (models.Count > 0 ? 1 : 0) + (bricks.Count > 0 ? 1 : 0) + (module is null ? 0 : 1) != 1)
            map.Fault("models", "exactly one of 'models', 'slices', 'modules' and 'bricks' (that are not empty)");
        return new MergeDocument
        {
            Method = method ?? "",
            Name = map.Text("name"),
            BaseModel = map.Text("base_model"),
            Slices = models.Count + bricks.Count > 0 ? [new MergeSlice([.. models, .. bricks], null, None)] : module?.Slices ?? slices,
            IsWhole = models.Count > 0 || module is { IsWhole: true },
            IsOfBricks = bricks.Count > 0,
            ModuleParameters = module?.Parameters ?? None,
            Parameters = SettingReader.Read(map, out var texts),
            Texts = texts,
            OutputType = OutputType(map),
            Tokenizer = TokenizerReader.Read(map),
            ChatTemplate = ChatTemplateOf(map),
            Seed = map.Whole("seed") ?? 0,
        };
    }

    sealed record ModulePart(IReadOnlyList<MergeSlice> Slices, bool IsWhole, IReadOnlyDictionary<string, MergeSetting> Parameters);

    static ModulePart? Module(YamlMap map)
    {
        var names = map.Entries("modules");
        if (names.Count > 1)
            map.Fault("modules", $"one module, as language models have it; found {string.Join(", ", names.Select(entry => entry.Name))}");
        return names.Count != 1 ? null : map.Child<ModulePart?>("modules", null, modules => modules.Child<ModulePart?>(names[0].Name, null, inner =>
        {
            var models = inner.Children("models", "model", Input);
            var slices = inner.Children("slices", "sources", Slice);
            if (models.Count > 0 == slices.Count > 0)
                inner.Fault("models", "either 'models' or 'slices'");
            return new ModulePart(models.Count > 0 ? [new MergeSlice(models, null, None)] : slices, models.Count > 0, SettingReader.Read(inner));
        }));
    }

    static MergeSlice Slice(YamlMap map)
    {
        _ = map.Number("residual_weight"); // read by mergekit, and never used
        var inputs = map.Children("sources", "model", Input);
        if (inputs.Count == 0)
            map.Fault("sources", "a list of models with their layers");
        return new MergeSlice(inputs, map.Text("base_model"), SettingReader.Read(map));
    }

    static MergeInput Input(YamlMap map)
    {
        if (!map.Has("model"))
            map.Fault("model", "a model");
        return new MergeInput(map.Text("model") ?? "", Layers(map), SettingReader.Read(map, out var texts), texts);
    }

    static MergeInput Brick(YamlMap map)
    {
        if (!map.Has("brick"))
            map.Fault("brick", "a brick");
        return new MergeInput(map.Text("brick") ?? "", null, SettingReader.Read(map));
    }

    static (int First, int End)? Layers(YamlMap map)
    {
        if (!map.Has("layer_range"))
            return null;
        int?[] bounds = [.. map.Texts("layer_range").Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bound) ? bound : (int?)null)];
        if (bounds is [int first, int end] && first < end)
            return (first, end);
        map.Fault("layer_range", "two whole numbers, the first layer and the one after the last");
        return null;
    }

    /// <summary>A template in Jinja, by its name or as it stands; or what says that the models decide.</summary>
    static string? ChatTemplateOf(YamlMap map)
    {
        const string Key = "chat_template";
        var given = map.Text(Key);
        if (given is null or MergeDocument.CommonTemplate || given.Contains('{', StringComparison.Ordinal))
            return given;
        if (ChatTemplates.Names.Contains(given))
            return ChatTemplates.Named(given).Source;
        map.Fault(Key, $"{MergeDocument.CommonTemplate}, {string.Join(", ", ChatTemplates.Names)}, or a template in Jinja");
        return null;
    }

    /// <summary>The storage type of the result; null = as the models have it. Whoever says only in what to compute means that, too.</summary>
    public static string? OutputType(YamlMap map)
    {
        // Both are read in any case: a key that nobody reads is a fault.
        var (output, computed) = (TypeOf(map, "out_dtype"), TypeOf(map, "dtype"));
        return output ?? computed;
    }

    /// <summary>The name of a storage type: torch's and GGUF's are both understood.</summary>
    static string? TypeOf(YamlMap map, string key)
    {
        var name = map.Text(key);
        var type = name?.ToLowerInvariant() switch { null => null, "float32" => "F32", "float16" => "F16", "bfloat16" => "BF16", var other => other };
        if (type is null || ModelConverter.Types.Contains(type, StringComparer.OrdinalIgnoreCase))
            return type;
        map.Fault(key, $"float32, float16, bfloat16, {string.Join(", ", ModelConverter.Types).ToLowerInvariant()}");
        return null;
    }
}
