using Brickwork.Formats.Yaml;
using YamlDotNet.RepresentationModel;

namespace Brickwork.Training.Plans;

/// <summary>Reads <c>brick:</c>; its <c>kind</c> decides which keys it has.</summary>
static class NewBrickReader
{
    /// <summary>Every kind; a new one is a line here. Names are given, and usual targets replaced, where all kinds are read.</summary>
    static readonly (string Word, Recipe Recipe)[] Kinds =
    [
        ("lora", LowRank(new NewLora { Id = "", Targets = NewBrick.LinearLayers })),
        ("rslora", LowRank(new NewLora { Id = "", Targets = NewBrick.LinearLayers, Scaling = LoraScaling.ByRootOfRank })),
        ("dora", LowRank(new NewDora { Id = "", Targets = NewBrick.LinearLayers })),
        ("pissa", LowRank(new NewPissa { Id = "", Targets = NewBrick.LinearLayers })),
        ("qlora", LowRank(new NewQLora { Id = "", Targets = NewBrick.LinearLayers })),
        ("ia3", new((node, _) => new NewIa3 { Id = "", Targets = NewIa3.UsualTargets, Inputs = Pattern(node, "inputs") })),
        ("bottleneck", new((node, _) => new NewBottleneck { Id = "", Targets = NewBottleneck.UsualTargets, Neurons = node.Small("neurons") ?? 16 })),
        ("bitfit", new((_, _) => new NewBitFit { Id = "", Targets = NewBrick.LinearLayers })),
        ("prompt", new((node, _) => new NewPrompt { Id = "", Targets = NewPrompt.UsualTargets, Tokens = node.Small("tokens") ?? 20 })),
        ("prefix", new((node, _) => new NewPrefix { Id = "", Targets = NewPrefix.UsualTargets, Tokens = node.Small("tokens") ?? 20 })),
        ("bitdelta", new(Delta)),
    ];

    /// <summary>Makes a new brick of its keys; relative paths begin in the folder.</summary>
    readonly record struct Recipe(Func<YamlMap, string, NewBrick> Make);

    /// <summary>The kinds, as users write them.</summary>
    public static IEnumerable<string> Words => Kinds.Select(known => known.Word);

    /// <summary>Reads <c>KIND</c> or <c>KIND:key=value,key=value</c>.</summary>
    /// <param name="text">What a user wrote.</param>
    /// <param name="name">What the brick is called where the text does not say.</param>
    /// <exception cref="RecipeException">It holds faults; all of them are named.</exception>
    public static NewBrick Parse(string text, string name)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var node = new YamlMappingNode("kind", colon < 0 ? text : text[..colon]);
        List<string> faults = [];
        foreach (var setting in colon < 0 ? [] : SettingLine.Cut(text[(colon + 1)..]) ?? [text[(colon + 1)..]])
            if (setting.Split('=', 2) is not [var key, var value] || !node.Children.TryAdd(key.Trim(), value.Trim()))
                faults.Add($"'{setting}' is no setting of its own; expected key=value, each key once.");
        return Read(node, name, $"The brick '{text}'", faults);
    }

    /// <summary>Reads keys and values as they stand in a plan.</summary>
    /// <param name="settings">The keys and values.</param>
    /// <param name="name">What the brick is called where they do not say.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="RecipeException">They hold faults; all of them are named.</exception>
    public static NewBrick Read(IEnumerable<KeyValuePair<string, string>> settings, string name, string source) =>
        Read(new YamlMappingNode(settings.Select(setting => KeyValuePair.Create<YamlNode, YamlNode>(setting.Key, setting.Value))), name, source, []);

    static NewBrick Read(YamlMappingNode node, string name, string source, List<string> faults)
    {
        var map = new YamlMap(node, "", faults);
        var brick = Read(map, name, 0, "");
        map.Close();
        return faults.Count == 0 ? brick : throw YamlFile.Faults(source, faults, PlanFile.NextStep);
    }

    /// <param name="node">The keys.</param>
    /// <param name="name">What the brick is called where it has no name of its own.</param>
    /// <param name="seed">Decides its first values where it has no seed of its own.</param>
    /// <param name="folder">Where relative paths begin.</param>
    public static NewBrick Read(YamlMap node, string name, long seed, string folder)
    {
        var kind = node.Choice("kind", Kinds);
        if (kind is null && !node.Has("kind"))
            node.Fault("kind", string.Join(", ", Words));
        var brick = (kind ?? Kinds[0].Recipe).Make(node, folder);
        return brick with
        {
            Id = node.Text("name") ?? name,
            Targets = Pattern(node, "targets") ?? brick.Targets,
            Seed = unchecked((ulong)(node.Whole("seed") ?? seed)),
            Licence = node.Text("licence"),
        };
    }

    static Recipe LowRank(NewLora made) => new((node, _) =>
    {
        var rank = node.Small("rank") ?? made.Rank;
        return made with { Rank = rank, Alpha = (float?)node.Number("alpha") ?? rank };
    });

    static NewBitDelta Delta(YamlMap node, string folder)
    {
        if (!node.Has("tuned"))
            node.Fault("tuned", "a fine-tuned model");
        return new NewBitDelta { Id = "", Targets = NewBrick.LinearLayers, Tuned = PlanReader.Place(node.Text("tuned"), folder) ?? "" };
    }

    static SlotPattern? Pattern(YamlMap node, string key)
    {
        if (node.Text(key) is not { } text)
            return null;
        try
        {
            return new SlotPattern(text);
        }
        catch (RecipeException)
        {
            node.Fault(key, "a slot pattern such as layers.*.attention.{query,value}");
            return null;
        }
    }
}
