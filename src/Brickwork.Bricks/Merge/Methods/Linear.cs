namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Σwθ / Σw: the weighted mean of the weights ("model soups", Wortsman et al. 2022).</summary>
sealed class Linear : IMergeMethod
{
    const double Zero = 1e-8;

    public string Name => "linear";

    public IReadOnlyList<MergeParameter> Shared { get; } = [MergeParameter.Flag("normalize", true)];

    public IReadOnlyList<MergeParameter> PerSource { get; } = [MergeParameter.Weight];

    public string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) =>
        shared.Flag("normalize") && sources.Sum(source => source["weight"]) is > -Zero and < Zero and var sum
            ? $"the weights add up to {sum:G3}, by which a normalized mean would be divided"
            : null;

    public void Run(MergeTensors tensors, float[] result)
    {
        var sum = tensors.Shared.Flag("normalize") ? tensors.Sources.Sum(source => source.Weight) : 1;
        tensors.ForRanges((first, end) =>
        {
            var sums = new double[end - first];
            foreach (var source in tensors.Sources)
                for (var i = 0; i < sums.Length; i++)
                    sums[i] += source.Weight * source.Values[first + i];
            for (var i = 0; i < sums.Length; i++)
                result[first + i] = (float)(sums[i] / sum);
        });
    }
}
