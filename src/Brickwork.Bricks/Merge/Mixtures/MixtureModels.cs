using Brickwork.Bricks.Merge.Planning;
using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Formats.Log;
using Brickwork.Formats.Yaml;

namespace Brickwork.Bricks.Merge.Mixtures;

/// <summary>The models of a mixture, open.</summary>
sealed class MixtureModels : IDisposable
{
    readonly Dictionary<string, MergeModel> _open = new(StringComparer.Ordinal);

    MixtureModels(MixtureDocument document, RecipePlaces places)
    {
        try
        {
            Base = Open(document.BaseModel, places);
            Experts = [.. document.Experts.Select(expert => Open(expert.Model, places))];
            Shared = document.Shared is { } shared ? Open(shared.Model, places) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public MergeModel Base { get; }

    public IReadOnlyList<MergeModel> Experts { get; }

    public MergeModel? Shared { get; }

    public MixtureFamily Family => MixtureFamily.Of(Base.Architecture)!;

    /// <exception cref="RecipeException">The models do not fit each other; all faults are named.</exception>
    public static MixtureModels Of(MixtureDocument document, string source, RecipePlaces places)
    {
        var models = new MixtureModels(document, places);
        var faults = models.Faults(document).Distinct(StringComparer.Ordinal).ToList();
        if (faults.Count == 0)
            return models;
        models.Dispose();
        throw YamlFile.Faults(source, faults, MergeRecipe.ModelsNextStep);
    }

    public void Dispose()
    {
        foreach (var model in _open.Values)
            model.Checkpoint.Dispose();
    }

    /// <summary>The files they are made of, for the log.</summary>
    public IReadOnlyList<LoggedSource> Sources(CancellationToken cancellation) =>
        [.. _open.Values.SelectMany(model => model.Sources(cancellation)).DistinctBy(source => source.Input)];

    MergeModel Open(string reference, RecipePlaces places) => _open.TryGetValue(reference, out var model) ? model
        : _open[reference] = new MergeModel(reference, _open.Count, () => MergeModel.Open(reference, places));

    IEnumerable<string> Faults(MixtureDocument document)
    {
        if (MixtureFamily.Of(Base.Architecture) is not { } family)
        {
            yield return $"{Base.Reference} is a '{Base.Architecture}'; mixtures are made of {MixtureFamily.Known}.";
            yield break;
        }
        if (document.Architecture is { } asked && !family.Names.Contains(asked, StringComparer.OrdinalIgnoreCase))
            yield return $"'architecture' is {asked}; a mixture of {Base.Architecture} models is {string.Join(" or ", family.Names)}.";
        if (family.HasShared && Shared is null)
            yield return $"{family.Sparse} needs one of 'shared_experts'.";
        if (!family.HasShared && Shared is not null)
            yield return $"{family.Sparse} has no place for 'shared_experts'.";
        if (Base.Find(TensorPlace.In(0, "ffn_gate.weight")) is null)
            yield return $"{Base.Reference} has no 'blk.0.ffn_gate.weight': its feed-forward parts are no gated ones of their own.";
        foreach (var biased in Base.Tensors.Where(tensor => tensor.Name.Contains(".ffn_", StringComparison.Ordinal) && tensor.Name.EndsWith(".bias", StringComparison.Ordinal)).Take(1))
            yield return $"{Base.Reference} has '{biased.Name}', for which experts have no place.";
        foreach (var expert in new[] { Shared }.Concat(Experts).OfType<MergeModel>().Distinct())
            foreach (var fault in Faults(expert))
                yield return fault;
    }

    IEnumerable<string> Faults(MergeModel expert)
    {
        if (expert.Architecture != Base.Architecture)
            yield return $"{expert.Reference} is a '{expert.Architecture}', the base {Base.Reference} a '{Base.Architecture}'.";
        foreach (var tensor in Base.Tensors.Where(tensor => TensorPlace.Of(tensor.Name) is { Layer: not null, Rest: "ffn_gate.weight" or "ffn_up.weight" or "ffn_down.weight" }))
            if (expert.Find(tensor.Name)?.Shape != tensor.Shape)
            {
                yield return $"'{tensor.Name}' is {expert.Find(tensor.Name)?.Shape.ToString() ?? "missing"} in {expert.Reference} and {tensor.Shape} in {Base.Reference}; expected the same shape.";
                yield break;
            }
    }
}
