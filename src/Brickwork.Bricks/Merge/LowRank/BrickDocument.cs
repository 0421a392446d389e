using System.Globalization;
using Brickwork.Bricks.Merge.Planning;
using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Formats.BrickFiles;
using Brickwork.Formats.Yaml;

namespace Brickwork.Bricks.Merge.LowRank;

/// <summary>The targets of a merge of bricks, each with its inputs and their parameters.</summary>
sealed class BrickDocument
{
    readonly MergeDocument _document;
    readonly IReadOnlyList<Brick> _bricks;
    readonly ParameterLookup _lookup;
    readonly int _layers;

    BrickDocument(MergeDocument document, IReadOnlyList<Brick> bricks, LowRankMethod method, List<string> faults)
    {
        (_document, _bricks, Method) = (document, bricks, method);
        _lookup = new ParameterLookup(document, method, faults);
        Targets = [.. bricks.SelectMany(BrickFactors.TargetsOf).Distinct(StringComparer.Ordinal)];
        _layers = 1 + Targets.Select(LayerOf).Max() ?? 1;
    }

    public LowRankMethod Method { get; }

    public IReadOnlyList<string> Targets { get; }

    /// <exception cref="RecipeException">The bricks do not fit each other or the method; all faults are named.</exception>
    public static BrickDocument Of(MergeDocument document, IReadOnlyList<Brick> bricks, string source, MergeOptions options, LanguageModel? model)
    {
        List<string> faults = [];
        var result = new BrickDocument(document, bricks, LowRankMethod.Find(document.Method)!, faults);
        if (document.Name is { } name && !BrickId.IsValid(name))
            faults.Add($"'name' is '{name}'; expected a name that a file may have, without '/' and '\\'.");
        if (model is not null)
            result.CheckParents(model, options.AnyParent);
        else if (!options.AnyParent)
            result.CheckParents();
        foreach (var target in result.Targets)
            result.Check(target, options);
        result._lookup.Check([.. result.Targets.Select(target => (IReadOnlyList<string>)[target])]);
        return faults.Count == 0 ? result : throw YamlFile.Faults(source, faults, MergeRecipe.BricksNextStep);
    }

    /// <summary>Those of the bricks that change a target, as PEFT takes them: the others have no say in it.</summary>
    public IReadOnlyList<TargetSource> SourcesOf(string target)
    {
        var slice = _document.Slices[0];
        return [.. _bricks.Select((brick, index) => (Brick: brick, Index: index)).Where(entry => Holds(entry.Brick, target))
            .Select(entry => new TargetSource(entry.Index, BrickFactors.Read(entry.Brick, target), _lookup.PerSource(slice, slice.Inputs[entry.Index], [target], PlaceOf(target))))];
    }

    public ParameterValues SharedOf(string target) => _lookup.Shared(_document.Slices[0], [target], PlaceOf(target));

    void Check(string target, MergeOptions options)
    {
        var (sources, shared) = (SourcesOf(target), SharedOf(target));
        foreach (var other in sources.Skip(1))
            if (Size(other) != Size(sources[0]))
                _lookup.Fault($"'{target}' is {Size(other)} in brick '{_bricks[other.Brick].Id}' and {Size(sources[0])} in brick '{_bricks[sources[0].Brick].Id}'; expected bricks of one model.");
        if (Method.Fault(shared, [.. sources.Select(source => source.Parameters)], options.Dialect, options.StrictCompatibility) is { } fault)
            _lookup.Fault($"{Method.Name}: {fault}", target);
    }

    void CheckParents(LanguageModel model, bool anyParent)
    {
        foreach (var brick in _bricks)
            try
            {
                BrickPlugging.RequireParent(model, brick, anyParent);
            }
            catch (CheckpointException fault)
            {
                _lookup.Fault($"{fault.Message} {fault.NextStep}");
            }
    }

    void CheckParents()
    {
        var parents = _bricks.Where(brick => brick.Manifest.Parent is not null).DistinctBy(brick => brick.Manifest.Parent).ToList();
        if (parents.Count > 1)
            _lookup.Fault($"brick '{parents[1].Id}' was made for the model {parents[1].Manifest.Parent}, brick '{parents[0].Id}' for {parents[0].Manifest.Parent}; expected bricks of one model. Look at what each was made for: brick inspect -m BRICK");
    }

    static bool Holds(Brick brick, string target) => brick.Tensors.ContainsKey(target + BrickTensors.LoraUp);

    static (int, int, int) Size(TargetSource source) => (source.Changes.Count, source.Changes[0].Up.Rows, source.Changes[0].Down.Columns);

    double PlaceOf(string target) => LayerOf(target) is { } layer ? _layers > 1 ? layer / (_layers - 1.0) : 1 : 0;

    /// <summary>The layer of <c>blk.3.…</c> or <c>layers.3.…</c>.</summary>
    static int? LayerOf(string target) =>
        target.Split('.') is ["blk" or "layers", var number, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : null;
}
