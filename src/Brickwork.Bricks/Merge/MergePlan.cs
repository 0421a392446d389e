using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Planning;

namespace Brickwork;

/// <summary>What a merge wrote.</summary>
/// <param name="Tensors">How many tensors.</param>
/// <param name="Bytes">Bytes of all of them.</param>
public sealed record MergeReport(int Tensors, long Bytes);

/// <summary>A recipe with its models open: what will be done, and doing it. Nothing is merged until a tensor is asked for.</summary>
public sealed class MergePlan : IDisposable
{
    readonly MergeRecipe _recipe;
    readonly MergeOptions _options;
    readonly DocumentPlan _plan;
    readonly Lazy<MergedCheckpoint> _merged;
    bool _handedOver;

    MergePlan(MergeRecipe recipe, MergeOptions options, DocumentPlan plan)
    {
        (_recipe, _options, _plan) = (recipe, options, plan);
        _merged = new(() => new MergedCheckpoint(_plan, _recipe, _options));
    }

    /// <summary>The tensors of the result, as the first input stores them.</summary>
    public IReadOnlyList<TensorInfo> Tensors => [.. _plan.Tensors.Select(tensor => tensor.Info)];

    /// <summary>How many tensors each method makes; <c>copy</c> is what holds no weights.</summary>
    public IReadOnlyDictionary<string, int> Methods =>
        _plan.Tensors.GroupBy(tensor => tensor.Method?.Name ?? "copy", StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    /// <summary>The most bytes taken at once, inputs in files apart.</summary>
    public long PeakBytes => _plan.Tensors.Select(tensor => tensor.PeakBytes).DefaultIfEmpty(0).Max() + (_plan.Preparation?.Bytes ?? 0);

    /// <summary>Bytes of the result's tensors in a GGUF file, of the types that the recipe asks for.</summary>
    public long Writes => WritesTo(null);

    /// <summary>Settings that stand in the recipe and change nothing, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _plan.Warnings;

    /// <summary>One line for each tensor: its inputs and their parameters.</summary>
    public IEnumerable<string> Describe() => _plan.Tensors.Select(tensor =>
        $"{tensor.Info.Name} {tensor.Info.Shape} = {tensor.Method?.Name ?? "copy"}({string.Join("; ", tensor.Read.Select(Describe))}) {tensor.Shared}".TrimEnd());

    /// <summary>Reads all inputs and measures how far their changes of the base contradict each other in each tensor that two inputs or more have changed, before any neurons are renumbered; empty where there is no base or one input.</summary>
    /// <exception cref="CheckpointException">An input is damaged.</exception>
    public IReadOnlyList<MergeConflict> Conflicts()
    {
        using var compute = new Compute(_options.Threads);
        TensorValues Load(MergeModel model, TensorInfo tensor) => TensorValues.Of(model.Rows(tensor), tensor.Name, model.Reference, compute.Team);
        List<MergeConflict> conflicts = [];
        var (done, total) = (0L, _plan.Tensors.Sum(tensor => tensor.Info.Bytes));
        foreach (var planned in _plan.Tensors)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            if (planned is { Origin: { } origin, Method: not null } && planned.IsWhole(origin)
                && planned.Inputs.Where(input => input.Model != origin.Model && planned.IsWhole(input)).ToList() is { Count: > 1 } inputs
                && ConflictMeasure.Of(compute, new MergeTensors
                {
                    Name = planned.Info.Name,
                    Shape = planned.Info.Shape,
                    Origin = planned.Load(origin, Load),
                    Sources = [.. inputs.Select(input => new MergeSource(input.Model.Index, planned.Load(input, Load), input.Parameters))],
                }) is { } conflict)
                conflicts.Add(conflict);
            _options.Progress?.Invoke(done += planned.Info.Bytes, total);
        }
        return conflicts;
    }

    /// <summary>Merges into a file or folder, tensor by tensor; it appears under its name when all of it is there.</summary>
    /// <param name="target">A name that ends in <c>.gguf</c>, or else a folder.</param>
    /// <exception cref="CheckpointException">An input is damaged, or the target cannot be written.</exception>
    /// <exception cref="RecipeException">The values of a tensor cannot be merged by the method.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it; nothing is left behind.</exception>
    public MergeReport Save(string target)
    {
        var sources = _plan.Sources(_options.CancellationToken);
        using var merged = Merged();
        var report = ModelConverter.Convert(merged, target, new ConvertOptions
        {
            Operation = _options.Operation ?? MergeLog.Describe(_recipe, _options, target, _plan.MeasuresModels ? MergeLog.KernelsOf(_options) : null),
            Sources = sources,
            Type = _plan.Document.OutputType,
            Threads = _options.Threads,
            Overwrite = _options.Overwrite,
            MaxFileBytes = _options.MaxFileBytes,
            Notes = MergeCard.Of(_recipe, _options),
            Progress = _options.Progress,
            CancellationToken = _options.CancellationToken,
        });
        return new MergeReport(report.Tensors, report.BytesOut);
    }

    /// <summary>The merged model, in memory. The plan belongs to it from now on.</summary>
    /// <inheritdoc cref="Save(string)" path="/exception"/>
    public LanguageModel Run(LoadOptions? options = null)
    {
        using var merged = Merged();
        var result = new MemoryCheckpoint(merged.Source);
        foreach (var (key, value) in merged.Metadata)
            result.Metadata.Set(key, value);
        foreach (var tensor in merged.Tensors)
            result.Add(tensor.Name, merged.Open(tensor.Name));
        return LanguageModel.From(result, options);
    }

    /// <summary>Closes the models.</summary>
    public void Dispose()
    {
        if (_handedOver)
            return;
        if (_merged.IsValueCreated)
            _merged.Value.Dispose();
        else
            _plan.Dispose();
    }

    /// <summary>Bytes of the result's tensors under that name; null = in a GGUF file.</summary>
    internal long WritesTo(string? target) => ModelConverter.BytesOf(_merged.Value, target, _plan.Document.OutputType);

    internal static MergePlan Of(MergeRecipe recipe, MergeOptions options) => new(recipe, options, DocumentPlan.Of(DocumentOrder.Result(recipe.Documents), recipe, options));

    /// <summary>The result as a checkpoint, which closes the models when it is disposed.</summary>
    internal Checkpoint Merged()
    {
        ObjectDisposedException.ThrowIf(_handedOver, this);
        _handedOver = true;
        return _merged.Value;
    }

    static string Describe(PlannedInput input) => $"{input.Model.Reference}:{input.Tensor.Name} {input.Parameters}".TrimEnd();
}
