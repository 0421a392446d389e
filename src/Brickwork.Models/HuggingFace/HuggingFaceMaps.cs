using Brickwork.Models.Families;

namespace Brickwork.Models.HuggingFace;

/// <summary>Finds the family of a Hugging Face model, and the Hugging Face model of a family.</summary>
static class HuggingFaceMaps
{
    static readonly Dictionary<string, (Family Family, HuggingFaceMap Map)> ByModelType = FamilyRegistry.All
        .SelectMany(family => family.HuggingFace.Select(map => (Family: family, Map: map)))
        .ToDictionary(entry => entry.Map.ModelType, StringComparer.Ordinal);

    /// <summary>The <c>model_type</c>s that can be read.</summary>
    public static IEnumerable<string> ModelTypes => ByModelType.Keys.Order(StringComparer.Ordinal);

    /// <summary>The family that config.json names.</summary>
    /// <exception cref="CheckpointException">It names none.</exception>
    /// <exception cref="UnsupportedModelException">This version does not have it.</exception>
    public static (Family Family, HuggingFaceMap Map) Find(ConfigSource config)
    {
        var type = config.TryText("model_type") ?? throw config.Missing("model_type", $"one of {string.Join(", ", ModelTypes)}");
        return ByModelType.TryGetValue(type, out var found) ? found : throw new UnsupportedModelException(
            $"{config.Path} describes a model of the type '{type}', which this version does not read; it reads {string.Join(", ", ModelTypes)}.",
            "Load a GGUF of the model if its architecture is listed in docs/families.md, or ask for the family in an issue.");
    }

    /// <summary>How a model in GGUF's vocabulary is saved.</summary>
    /// <exception cref="UnsupportedModelException">Its family has no counterpart there, or none that is known here.</exception>
    public static HuggingFaceMap Find(CanonicalModel model) =>
        FamilyRegistry.Find(model.Architecture, model.Source).HuggingFace.FirstOrDefault(map => map.Fits(model)) ?? throw new UnsupportedModelException(
            $"{model.Source} is a model of the architecture '{model.Architecture}', which this version does not write as a Hugging Face folder.",
            "Write GGUF instead: give the output a name that ends in .gguf.");
}
