using Brickwork.Bricks.Log;
using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.LowRank;
using Brickwork.Bricks.Merge.Planning;
using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Formats.Log;

namespace Brickwork;

/// <summary>A brick made of several.</summary>
/// <param name="Brick">The brick.</param>
/// <param name="Error">‖merged − kept‖ / ‖merged‖: what the rank of the result could not hold; 0 where nothing was cut.</param>
public sealed record BrickMergeResult(Brick Brick, double Error);

/// <summary>A recipe over LoRA bricks with its bricks open: what will be done, and doing it.</summary>
public sealed class BrickMergePlan
{
    readonly MergeRecipe _recipe;
    readonly MergeDocument _document;
    readonly MergeOptions _options;
    readonly BrickDocument _plan;

    readonly LanguageModel? _model;

    BrickMergePlan(MergeRecipe recipe, MergeOptions options, IReadOnlyList<Brick> bricks, LanguageModel? model)
    {
        (_recipe, _options, Bricks, _document, _model) = (recipe, options, bricks, recipe.Documents[0], model);
        _plan = BrickDocument.Of(_document, bricks, recipe.Source, options, model);
    }

    /// <summary>The inputs.</summary>
    public IReadOnlyList<Brick> Bricks { get; }

    /// <summary>The tensors or slots that are changed.</summary>
    public IReadOnlyList<string> Targets => _plan.Targets;

    /// <summary>The method.</summary>
    public string Method => _plan.Method.Name;

    /// <summary>Bytes of the result's tensors in a brick file.</summary>
    public long Writes => Targets.Sum(target => TargetMerge.BytesOf(_plan.Method, _options, _plan.SourcesOf(target), _plan.SharedOf(target)));

    /// <summary>One line for each target: its inputs and their parameters.</summary>
    public IEnumerable<string> Describe() => Targets.Select(target =>
        $"{target} = {Method}({string.Join("; ", _plan.SourcesOf(target).Select(source => $"{Bricks[source.Brick].Id} rank {source.Changes[0].Rank} {source.Parameters}"))}) {_plan.SharedOf(target)}".TrimEnd());

    /// <summary>How far the bricks pull each target in different directions; nothing of targets that one brick alone changes.</summary>
    public IReadOnlyList<MergeConflict> Conflicts()
    {
        using var compute = new Compute(_options.Threads);
        List<MergeConflict> conflicts = [];
        foreach (var target in Targets)
            if (_plan.SourcesOf(target) is { Count: > 1 } sources && sources[0].Changes.Count == 1
                && ConflictMeasure.Of(compute, new MergeTensors
                {
                    Name = target,
                    Shape = new Shape(sources[0].Changes[0].Up.Rows, sources[0].Changes[0].Down.Columns),
                    Sources = [.. sources.Select(source => new MergeSource(source.Brick, (float[])[.. source.Changes[0].Product().Values.Select(value => (float)value)], source.Parameters))],
                }) is { } conflict)
                conflicts.Add(conflict);
        return conflicts;
    }

    /// <summary>Merges.</summary>
    /// <exception cref="RecipeException">The values of a target cannot be merged by the method.</exception>
    /// <exception cref="OperationCanceledException">The token of the options asked for it.</exception>
    public BrickMergeResult Run()
    {
        using var compute = new Compute(_options.Threads, _options.InstructionSet);
        var work = new TargetMerge(_plan.Method, _options, _options.Seed ?? _document.Seed, compute);
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        var (all, lost) = (0.0, 0.0);
        for (var index = 0; index < Targets.Count; index++)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            var (changes, whole, cut) = work.Run(Targets[index], _plan.SourcesOf(Targets[index]), _plan.SharedOf(Targets[index]));
            BrickFactors.Write(tensors, Targets[index], changes);
            (all, lost) = (all + whole, lost + cut);
            _options.Progress?.Invoke(index + 1, Targets.Count);
        }
        return new(new Brick(Manifest(), tensors), all > 0 ? Math.Sqrt(lost / all) : 0);
    }

    internal static BrickMergePlan Of(MergeRecipe recipe, MergeOptions options, LanguageModel? model)
    {
        var places = RecipePlaces.Of(recipe, options);
        return new(recipe, options, [.. recipe.Documents[0].Slices[0].Inputs.Select(input => Brick.Open(places.FindBrick(input.Model), model))], model);
    }

    BrickManifest Manifest() => InheritedTerms.Of(new()
    {
        Id = _document.Name ?? Path.GetFileNameWithoutExtension(_recipe.Source),
        Kind = BrickKind.Lora,
        Slots = Targets,
        Log = OperationLog.After(_options.Operation ?? MergeLog.Describe(_recipe, _options, target: null, _plan.Method.SpaceIn(_options) == LowRankSpace.Product ? MergeLog.KernelsOf(_options) : null), [.. Sources()]),
    }, Bricks);

    IEnumerable<LoggedSource> Sources()
    {
        foreach (var (brick, input) in Bricks.Zip(_document.Slices[0].Inputs))
            yield return brick.SourceAs(input.Model);
        if (_model is not null && _recipe.BaseModel is { } name)
            yield return LoggedSource.Of("model", name, _model.Checkpoint, _options.CancellationToken);
    }
}
