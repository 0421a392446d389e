using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Mixtures;
using Brickwork.Bricks.Merge.Recipes;

namespace Brickwork;

/// <summary>A recipe for a mixture of experts with its models open: what will be made, and making it.</summary>
/// <remarks>As mergekit-moe: attention, norms and embedding are the base's, the feed-forward parts of the others become experts, and prompts say when each is chosen.</remarks>
public sealed class MixturePlan : IDisposable
{
    /// <summary>Routers whose condition number is above this hardly tell their experts apart.</summary>
    public const double HighCondition = 5;

    readonly MixtureDocument _document;
    readonly MixtureModels _models;
    readonly MixtureCheckpoint _result;
    readonly MergeRecipe _recipe;
    readonly MergeOptions _options;

    MixturePlan(MergeRecipe recipe, MixtureModels models, MixtureCheckpoint result, MergeOptions options) =>
        (_recipe, _document, _models, _result, _options) = (recipe, recipe.Mixture!, models, result, options);

    /// <summary>The tensors of the result.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _result.Tensors;

    /// <summary>How many tensors are experts, routers, or those of the base.</summary>
    public IReadOnlyDictionary<string, int> Methods =>
        Tensors.GroupBy(tensor => MixtureCheckpoint.KindOf(tensor.Name), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    /// <summary>The most bytes taken at once, inputs in files apart: the largest stack of experts.</summary>
    public long PeakBytes => Tensors.Max(tensor => tensor.Bytes + sizeof(float) * tensor.Shape.Count / _document.Experts.Count);

    /// <summary>Bytes of the result's tensors in a GGUF file, of the types that the recipe asks for.</summary>
    public long Writes => WritesTo(null);

    /// <summary>The condition number of each layer's router: 1 where its experts answer to directions at right angles. Runs the base over the prompts.</summary>
    public IReadOnlyList<double> Conditions() => [.. _result.Routers.Select(GateVectors.ConditionOf)];

    /// <summary>Writes the mixture tensor by tensor; it appears under its name when all of it is there.</summary>
    /// <param name="target">A name that ends in <c>.gguf</c>, or else a folder.</param>
    /// <exception cref="CheckpointException">An input is damaged, or the target cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it; nothing is left behind.</exception>
    public MergeReport Save(string target)
    {
        var report = ModelConverter.Convert(_result, target, new ConvertOptions
        {
            Type = _document.OutputType,
            Threads = _options.Threads,
            Overwrite = _options.Overwrite,
            MaxFileBytes = _options.MaxFileBytes,
            Operation = _options.Operation ?? MergeLog.Describe(_recipe, _options, target, _document.Gate is GateMode.HiddenLast or GateMode.HiddenAverage ? MergeLog.KernelsOf(_options) : null),
            Sources = _models.Sources(_options.CancellationToken),
            Notes = MergeCard.Of(_recipe, _options),
            Progress = _options.Progress,
            CancellationToken = _options.CancellationToken,
        });
        return new MergeReport(report.Tensors, report.BytesOut);
    }

    /// <summary>The mixture, in memory.</summary>
    public LanguageModel Run(LoadOptions? options = null)
    {
        var result = new MemoryCheckpoint(_result.Source);
        foreach (var (key, value) in _result.Metadata)
            result.Metadata.Set(key, value);
        foreach (var tensor in Tensors)
            result.Add(tensor.Name, _result.Open(tensor.Name).Copy());
        return LanguageModel.From(result, options);
    }

    /// <summary>Closes the models.</summary>
    public void Dispose()
    {
        _result.Dispose();
        _models.Dispose();
    }

    /// <summary>Bytes of the result's tensors under that name; null = in a GGUF file.</summary>
    internal long WritesTo(string? target) => ModelConverter.BytesOf(_result, target, _document.OutputType);

    internal static MixturePlan Of(MergeRecipe recipe, MergeOptions options)
    {
        var models = MixtureModels.Of(recipe.Mixture!, recipe.Source, RecipePlaces.Of(recipe, options));
        try
        {
            return new(recipe, models, new MixtureCheckpoint(recipe.Mixture!, models, options, recipe.Source), options);
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }
}
