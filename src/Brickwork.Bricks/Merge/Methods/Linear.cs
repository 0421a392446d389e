using Brickwork.Kernels.Merging;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Σwθ / Σw: the weighted mean of the weights ("model soups", Wortsman et al. 2022).</summary>
sealed class Linear : IStreamedMethod
{
    const double Zero = 1e-8;

    public string Name => "linear";

    public IReadOnlyList<MergeParameter> Shared { get; } = [MergeParameter.Flag("normalize", true)];

    public IReadOnlyList<MergeParameter> PerSource { get; } = [MergeParameter.Weight];

    public string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) =>
        shared.Flag("normalize") && sources.Sum(source => source["weight"]) is > -Zero and < Zero and var sum
            ? $"the weights add up to {sum:G3}, by which a normalized mean would be divided"
            : null;

    public StretchMerge Begin(MergeTensors tensors)
    {
        double[] weights = [.. tensors.Sources.Select(source => source.Weight)];
        var sum = tensors.Shared.Flag("normalize") ? weights.Sum() : 1;
        return (stretch, result) =>
        {
            var sums = stretch.Sums;
            sums.Clear();
            for (var source = 0; source < weights.Length; source++)
                Differences.Add(stretch[source], [], weights[source] / sum, sums);
            Differences.Round([], 1, sums, result);
        };
    }
}
