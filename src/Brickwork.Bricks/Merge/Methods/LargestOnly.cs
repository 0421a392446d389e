namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Keeps the largest int(density · N) differences of a tensor (Yadav et al. 2023).</summary>
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
        var cut = new MagnitudeRanks(tensors, source).At(tensors.Count - (int)(density * tensors.Count), firstEquals: CutSide.Above);
        return (stretch, deltas) => cut.Clear(CutSide.Below, stretch, source, deltas);
    }
}
