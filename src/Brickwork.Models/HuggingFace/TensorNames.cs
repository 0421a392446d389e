using System.Globalization;
using System.IO.Enumeration;

namespace Brickwork.Models.HuggingFace;

/// <summary>The tensors of a folder under the names that the family's rules use.</summary>
/// <remarks>A model that also sees keeps its language half one level down; a model without a head lacks the first part of every name.</remarks>
sealed class TensorNames
{
    static readonly (string Found, string Meant)[] Wrappers =
        [("model.language_model.", "model."), ("language_model.model.", "model."), ("language_model.lm_head.", "lm_head.")];

    /// <summary>What other senses are made of; the language half runs without them.</summary>
    static readonly string[] OtherSenses =
        ["vision_tower.*", "model.vision_tower.*", "multi_modal_projector.*", "model.multi_modal_projector.*", "visual.*", "model.visual.*", "audio_tower.*", "model.audio_tower.*"];

    static readonly string[] NeverNeeded = ["*.rotary_emb.inv_freq"];

    readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);
    readonly HashSet<string> _left;

    public TensorNames(Checkpoint files, HuggingFaceMap map, CanonicalModel model)
    {
        var lacksPrefix = map.Prefix.Length > 0 && !files.Tensors.Any(tensor => Unwrapped(tensor.Name).StartsWith(map.Prefix, StringComparison.Ordinal));
        var heads = map.Tensors.SelectMany(rule => rule.Names).Where(name => !name.StartsWith(map.Prefix, StringComparison.Ordinal)).Select(name => name.TrimEnd('*')).ToArray();
        foreach (var tensor in files.Tensors)
        {
            var name = Unwrapped(tensor.Name);
            if (lacksPrefix && !Matches(name, OtherSenses) && !heads.Any(head => name.StartsWith(head, StringComparison.Ordinal)))
                name = map.Prefix + name;
            _tensors[name] = tensor;
        }
        _left = [.. _tensors.Keys.Where(name => !Matches(name, OtherSenses) && !Matches(name, NeverNeeded) && !Matches(name, map.Ignored)
            && !(map.HasTrainingLayers && LayerOf(name) >= model.Layers))];
    }

    /// <summary>The tensor of that name, or null.</summary>
    public TensorInfo? Find(string name) => _tensors.TryGetValue(name, out var info) ? info : null;

    public bool IsFree(string name) => _left.Contains(name);

    /// <summary>Says that these tensors have a meaning.</summary>
    public void Use(IEnumerable<string> names) => _left.ExceptWith(names);

    /// <summary>Names in the files of what nobody used.</summary>
    public IReadOnlyList<string> Left => [.. _left.Select(name => _tensors[name].Name)];

    static int? LayerOf(string name) =>
        name.Split('.') is [_, "layers", var number, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : null;

    static string Unwrapped(string name)
    {
        foreach (var (found, meant) in Wrappers)
            if (name.StartsWith(found, StringComparison.Ordinal))
                return meant + name[found.Length..];
        return name;
    }

    static bool Matches(string name, IReadOnlyList<string> patterns) => patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
