using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Bricks.Weights;
using Brickwork.Formats.Log;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>One model that a merge reads: its tensors under GGUF's names, and the names they have elsewhere.</summary>
sealed class MergeModel
{
    const char Plus = '+';

    readonly Dictionary<string, TensorInfo> _tensors;
    readonly Dictionary<string, string[]> _otherNames;
    readonly HashSet<string> _lessOne = new(StringComparer.Ordinal);

    readonly Func<Checkpoint> _open;

    /// <param name="reference">As the recipe names it.</param>
    /// <param name="index">Its number in the recipe.</param>
    /// <param name="open">Opens it.</param>
    public MergeModel(string reference, int index, Func<Checkpoint> open)
    {
        (Reference, Index, _open) = (reference, index, open);
        var checkpoint = Checkpoint = open();
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

    /// <summary>Whether the family's own form of a tensor is its distance from 1, as Gemma's gains are; merges are of that form.</summary>
    public bool IsLessOne(string name) => _lessOne.Contains(name);

    /// <summary>Opens the model once more, for somebody who closes it.</summary>
    public Checkpoint Reopen() => _open();

    /// <summary>The files it is made of, for the log.</summary>
    public IEnumerable<LoggedSource> Sources(CancellationToken cancellation)
    {
        if (Checkpoint is not BrickCheckpoint merged)
            return [LoggedSource.Of("model", Reference, Checkpoint, cancellation)];
        var names = Reference.Split(Plus, 2);
        return [LoggedSource.Of("model", names[0], merged.Model.Checkpoint, cancellation), merged.Brick.SourceAs(names[1])];
    }

    /// <summary>Opens what a recipe names: a path beside the recipe, a path, a model's name, or one that was downloaded, with its revision behind an @; behind a plus a brick that is worked into its weights.</summary>
    public static Checkpoint Open(string reference, RecipePlaces places)
    {
        if (places.Find(reference) is { } place)
            return places.IsCalledOtherwise(reference) ? CheckpointLocator.Open(place, reference, new LoadOptions()) : CheckpointLocator.Open(place, new LoadOptions());
        if (reference.Split(Plus, 2) is [var model, var brick])
            return WithBrick(model, brick, places);
        return places.Missing(reference) is { } fault ? throw fault : CheckpointLocator.Open(reference, new LoadOptions());
    }

    static BrickCheckpoint WithBrick(string reference, string brick, RecipePlaces places)
    {
        var model = LanguageModel.From(Open(reference, places));
        try
        {
            var opened = Brick.Open(places.FindBrick(brick), model);
            BrickPlugging.RequireParent(model, opened, places.AnyParent);
            return new BrickCheckpoint(model, opened, 1, owned: model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
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
                {
                    names.TryAdd(canonical, [.. instance.Names]);
                    if (instance.Rule.Transform is PlusOne)
                        _lessOne.Add(canonical);
                }
        }
        catch (UnsupportedModelException)
        {
            // GGUF's names remain.
        }
        return names;
    }
}
