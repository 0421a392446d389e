namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Drops the largest int(gamma · N) differences, then the smallest until the density is met (model breadcrumbs, Davari &amp; Belilovsky 2023).</summary>
/// <remarks>
/// Where int(gamma · N) or int(density · N) is 0, mergekit erases the whole difference; ours drops no outlier and keeps one value.
/// Of equals the lower index stays, at either end.
/// </remarks>
sealed class WithoutOutliers : ISparsifier
{
    public IReadOnlyList<MergeParameter> Parameters { get; } = [MergeParameter.Density, new("gamma", 0.01, 0, 1)];

    public Sparsify? Begin(MergeTensors tensors, int source)
    {
        var parameters = tensors.Sources[source].Parameters;
        var (density, count) = (parameters["density"], tensors.Count);
        if (density >= 1)
            return null;
        var top = (int)(parameters["gamma"] * count);
        var bottom = count - Sparsity.Kept(density, count, tensors.Strict) - top;
        if (bottom < 0)
            (top, bottom) = (top + bottom, 0);
        var end = top == 0 && tensors.Strict ? 0 : count - top;
        var ranks = new MagnitudeRanks(tensors, source);
        var high = ranks.At(end, CutSide.Below);
        var low = ranks.At(Math.Min(bottom, end), CutSide.Above).Without(high);
        return (stretch, deltas) =>
        {
            low.Clear(CutSide.Below, stretch, source, deltas);
            high.Clear(CutSide.Above, stretch, source, deltas);
        };
    }
}
