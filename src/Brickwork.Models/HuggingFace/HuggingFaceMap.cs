using Brickwork.Models.HuggingFace.Settings;

namespace Brickwork.Models.HuggingFace;

/// <summary>How Hugging Face's libraries name what a family calls its own: read from left to right on loading, from right to left on saving.</summary>
/// <param name="ModelType">The exact <c>model_type</c> in config.json.</param>
/// <param name="Class">The class that is written as <c>architectures</c>.</param>
sealed record HuggingFaceMap(string ModelType, string Class)
{
    /// <summary>Entries of config.json and the metadata they stand for; later ones may build on earlier ones.</summary>
    public required IReadOnlyList<Setting> Settings { get; init; }

    /// <summary>The tensors. Of several rules for a tensor the first that fits is taken.</summary>
    public required IReadOnlyList<TensorRule> Tensors { get; init; }

    /// <summary>What every name but the head's begins with, unless the model was saved without its head.</summary>
    public string Prefix { get; init; } = "model.";

    /// <summary>Tensors that say nothing new, as patterns with <c>*</c>.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whether there may be layers behind the last that only help in training.</summary>
    public bool HasTrainingLayers { get; init; }

    /// <summary>Whether a model of the family is saved this way, where the family has several.</summary>
    public Func<CanonicalModel, bool> Fits { get; init; } = _ => true;
}
