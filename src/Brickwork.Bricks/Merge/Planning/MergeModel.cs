using Brickwork.Models.HuggingFace;
using Brickwork.Models.Loading;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>One model that a merge reads: its tensors under GGUF's names, and the names they have elsewhere.</summary>
sealed class MergeModel
{
    readonly Dictionary<string, TensorInfo> _tensors;
    readonly Dictionary<string, string[]> _otherNames;

    public MergeModel(string reference, int index, Checkpoint checkpoint)
    {
        (Reference, Index, Checkpoint) = (reference, index, checkpoint);
        Architecture = checkpoint.Metadata.Text("general.architecture");
        Layers = checkpoint.Metadata.Int($"{Architecture}.block_count");
        Tokens = checkpoint.Metadata.TryTexts("tokenizer.ggml.tokens");
        _tensors = checkpoint.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _otherNames = OtherNames();
    }

    /// <summary>As the recipe names it.</summary>
    public string Reference { get; }

    /// <summary>Its number in the recipe.</summary>
    public int Index { get; }

    public Checkpoint Checkpoint { get; }

    public string Architecture { get; }

    public int Layers { get; }

    /// <summary>The texts of its tokens, or null.</summary>
    public string[]? Tokens { get; }

    public IEnumerable<TensorInfo> Tensors => Checkpoint.Tensors;

    /// <summary>The tensor that holds what is asked for: a head may be the embedding.</summary>
    public TensorInfo? Find(string name) => _tensors.TryGetValue(name, out var info) ? info
        : name == TensorPlace.Head && _tensors.TryGetValue(TensorPlace.Embedding, out var shared) ? shared : null;

    /// <summary>Hugging Face's names of a tensor, as they are in the layer it will be in.</summary>
    public IEnumerable<string> OtherNamesOf(string name, TensorPlace place, int layer)
    {
        var names = _otherNames.GetValueOrDefault(name, []);
        return place.Layer is { } own ? names.Select(other => Moved(other, own, layer)) : names;
    }

    /// <summary>Opens what a recipe names: a path beside the recipe, a path, or a model's name.</summary>
    public static Checkpoint Open(string reference, string folder, MergeOptions options)
    {
        if (options.Places.TryGetValue(reference, out var place))
            return CheckpointLocator.Open(place, reference, new LoadOptions());
        var beside = Path.Combine(folder, reference);
        return CheckpointLocator.Open(File.Exists(beside) || Directory.Exists(beside) ? beside : reference, new LoadOptions());
    }

    static string Moved(string name, int from, int to) => name.Replace($".{from}.", $".{to}.", StringComparison.Ordinal);

    /// <summary>Hugging Face's names, by which recipes filter; none where the family has no counterpart.</summary>
    Dictionary<string, string[]> OtherNames()
    {
        var names = new Dictionary<string, string[]>(StringComparer.Ordinal);
        try
        {
            var model = new CanonicalModel(Architecture, Checkpoint.Metadata, Checkpoint);
            foreach (var instance in HuggingFaceMaps.Find(model).Tensors.SelectMany(rule => rule.Instances(model)))
                foreach (var canonical in instance.Canonical)
                    names.TryAdd(canonical, [.. instance.Names]);
        }
        catch (UnsupportedModelException)
        {
            // GGUF's names remain.
        }
        return names;
    }
}
