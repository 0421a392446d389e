using Brickwork.Models.HuggingFace.Transforms;

namespace Brickwork.Models.HuggingFace;

/// <summary>Names the tensors of a folder in GGUF's vocabulary.</summary>
static class TensorReading
{
    /// <summary>Every tensor the folder gives, by GGUF's name.</summary>
    /// <exception cref="CheckpointException">Tensors are missing, or have a wrong shape.</exception>
    /// <exception cref="UnsupportedModelException">There are tensors that the family does not know.</exception>
    public static OrderedDictionary<string, TensorRecipe> Read(Checkpoint files, HuggingFaceMap map, CanonicalModel model)
    {
        CheckLayers(files, model);
        var names = new TensorNames(files, map, model);
        var recipes = new OrderedDictionary<string, TensorRecipe>(StringComparer.Ordinal);
        foreach (var instance in map.Tensors.SelectMany(rule => rule.Instances(model)))
            Add(instance, files, names, model, recipes);
        foreach (var (name, tensor) in model.Made)
            recipes[name] = new TensorRecipe(new TensorInfo(name, tensor.Type, tensor.Shape), true, () => tensor);
        CheckHead(files, map, model, recipes);
        CheckNothingIsLeft(names, map, model);
        return recipes;
    }

    /// <summary>What a tensor that is not there is called in the files.</summary>
    public static string DescribeMissing(string canonical, Checkpoint files, HuggingFaceMap map, CanonicalModel model)
    {
        var names = new TensorNames(files, map, model);
        var instance = map.Tensors.SelectMany(rule => rule.Instances(model)).FirstOrDefault(instance => instance.Canonical.Contains(canonical));
        return instance is null ? $"Tensor '{canonical}'" : Describe(instance, 0, names, model);
    }

    static void Add(RuleInstance instance, Checkpoint files, TensorNames names, CanonicalModel model, OrderedDictionary<string, TensorRecipe> recipes)
    {
        var free = instance.Names.Count(names.IsFree);
        if (free == 0)
            return;
        if (free < instance.Names.Count)
        {
            var missing = Enumerable.Range(0, instance.Names.Count).First(index => !names.IsFree(instance.Names[index]));
            throw Missing(Describe(instance, missing, names, model), model);
        }
        names.Use(instance.Names);
        CheckTypes(instance, names, model);
        if (instance.Canonical[0].StartsWith("output.", StringComparison.Ordinal) && model.IsTied == true)
            return; // a copy of the embedding
        var sources = instance.Names.Select(name => TensorSource.Of(files, names.Find(name)!.Value)).ToArray();
        foreach (var recipe in instance.Rule.Transform.Read(instance, sources, model))
            recipes[recipe.Info.Name] = recipe;
    }

    /// <exception cref="CheckpointException">There are more layers than tensors.</exception>
    public static void CheckLayers(Checkpoint files, CanonicalModel model)
    {
        if (model.Layers > files.Tensors.Count)
            throw new CheckpointException($"{model.Source} is said to have {model.Layers} layers, but holds {files.Tensors.Count} tensors.", "The files may be from different revisions: download all again.");
    }

    static void CheckTypes(RuleInstance instance, TensorNames names, CanonicalModel model)
    {
        var whole = instance.Names.Select(name => names.Find(name)!.Value).FirstOrDefault(tensor => tensor.Type is DType.I8 or DType.I16 or DType.I32 or DType.I64);
        if (whole.Name is not null && instance.Rule.Transform is not PackedExperts)
            throw new CheckpointException($"Tensor '{whole.Name}' in {model.Source} holds whole numbers ({whole.Type}); expected weights.", "If the model is quantized, get the original, or a GGUF.");
    }

    static void CheckHead(Checkpoint files, HuggingFaceMap map, CanonicalModel model, OrderedDictionary<string, TensorRecipe> recipes)
    {
        var hasHead = map.Tensors.Any(rule => rule.Canonical[0].StartsWith("output.", StringComparison.Ordinal));
        if (hasHead && model.IsTied == false && !recipes.ContainsKey("output.weight"))
            throw Missing(DescribeMissing("output.weight", files, map, model) + ", which config.json says is not the embedding's (tie_word_embeddings is false),", model);
    }

    static void CheckNothingIsLeft(TensorNames names, HuggingFaceMap map, CanonicalModel model)
    {
        if (names.Left is { Count: > 0 } left)
            throw new UnsupportedModelException(
                $"{model.Source} holds {left.Count} tensors that '{map.ModelType}' does not use: {string.Join(", ", left.Take(5))}{(left.Count > 5 ? ", …" : "")}.",
                "Running without them would give wrong results. Please report the model in an issue.");
    }

    static string Describe(RuleInstance instance, int index, TensorNames names, CanonicalModel model)
    {
        // The same tensor of another layer tells the shape.
        var sibling = instance.Rule.Instances(model).Where(other => index < other.Names.Count).Select(other => names.Find(other.Names[index])).FirstOrDefault(info => info is not null);
        return $"Tensor '{instance.Names[index]}'{(sibling is { } info ? $" of shape {info.Shape}" : "")} (in GGUF '{instance.Canonical[0]}')";
    }

    public static CheckpointException Missing(string tensor, CanonicalModel model) =>
        new($"{tensor} is missing in {model.Source}.", "Download all files of the model again; one shard may be absent or of another revision.");
}
