namespace Brickwork.Models.HuggingFace;

/// <summary>Names the tensors of a model in Hugging Face's vocabulary.</summary>
static class TensorWriting
{
    /// <summary>Stand in config.json instead.</summary>
    static readonly string[] InConfig = ["rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"];

    /// <summary>Every tensor a folder is to hold.</summary>
    /// <exception cref="CheckpointException">Tensors are missing, or have a wrong shape.</exception>
    /// <exception cref="UnsupportedModelException">There are tensors that have no counterpart.</exception>
    public static List<TensorRecipe> Write(PlainCheckpoint checkpoint, HuggingFaceMap map, CanonicalModel model)
    {
        TensorReading.CheckLayers(checkpoint, model);
        var left = checkpoint.Tensors.Select(tensor => tensor.Name).Except(InConfig).ToHashSet(StringComparer.Ordinal);
        var recipes = new List<TensorRecipe>();
        foreach (var instance in map.Tensors.SelectMany(rule => rule.Instances(model)))
        {
            var free = instance.Canonical.Count(left.Contains);
            if (free == 0)
                continue;
            if (free < instance.Canonical.Count)
                throw TensorReading.Missing($"Tensor '{instance.Canonical.First(name => !left.Contains(name))}'", model);
            left.ExceptWith(instance.Canonical);
            var sources = instance.Canonical.Select(name => TensorSource.Of(checkpoint, checkpoint.Info(name))).ToArray();
            recipes.AddRange(instance.Rule.Transform.Write(instance, sources, model));
        }
        if (left.Count > 0)
            throw new UnsupportedModelException(
                $"{model.Source} holds {left.Count} tensors that have no counterpart in '{map.ModelType}': {string.Join(", ", left.Order(StringComparer.Ordinal).Take(5))}{(left.Count > 5 ? ", …" : "")}.",
                "Write GGUF instead: give the output a name that ends in .gguf.");
        return recipes;
    }
}
