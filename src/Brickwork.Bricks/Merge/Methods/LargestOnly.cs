namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Keeps the largest int(density · N) differences of a tensor, and one at least (Yadav et al. 2023).</summary>
sealed class LargestOnly : ISparsifier
{
    public IReadOnlyList<MergeParameter> Parameters { get; } = [MergeParameter.Density];

    public string? Fault(ParameterValues source, MergeDialect dialect, bool strict) =>
        strict && dialect == MergeDialect.Mergekit && source["density"] == 0 ? "density 0 keeps nothing, which mergekit refuses" : null;

    public Sparsify? Begin(MergeTensors tensors, int source)
    {
        var density = tensors.Sources[source].Parameters["density"];
        if (density >= 1)
            return null;
        var kept = Sparsity.Kept(density, tensors.Count, tensors.Strict);
        if (kept == 0 && density > 0 && tensors.Dialect == MergeDialect.Mergekit)
            throw tensors.Refuse("the largest of a difference", FormattableString.Invariant($"density {density} of {tensors.Count} values keeps none, which mergekit refuses."),
                "Raise the density of this tensor by a filter, or leave out --strict-compat: then one is kept.");
        var cut = new MagnitudeRanks(tensors, source).At(tensors.Count - kept, firstEquals: CutSide.Above);
        return (stretch, deltas) => cut.Clear(CutSide.Below, stretch, source, deltas);
    }
}
