namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Select, calculate, erase (Wan et al. 2024): where inputs differ most, the mean of those that agree, weighted by mean(δ²) of the tensor.</summary>
sealed class Sce : IMergeMethod
{
    const double Least = 1e-6;

    public string Name => "sce";

    public BaseUse Base => BaseUse.Required;

    public IReadOnlyList<MergeParameter> Shared { get; } = [new("select_topk", 1, 0, 1)];

    public void Run(MergeTensors tensors, float[] result)
    {
        var keep = Select(tensors, tensors.Shared["select_topk"]);
        var weights = Weights(tensors, keep);
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
                result[i] = (float)(tensors.Base![i] + (keep is null || keep[i] ? Mean(tensors, weights, i) : 0));
        });
    }

    static double Mean(MergeTensors tensors, double[] weights, int element)
    {
        var total = 0.0;
        for (var source = 0; source < weights.Length; source++)
            total += tensors.Delta(source, element);
        var (sum, divisor, sign) = (0.0, 0.0, total >= 0 ? 1 : -1);
        for (var source = 0; source < weights.Length; source++)
        {
            var delta = tensors.Delta(source, element);
            if (Math.Sign(delta) != sign)
                continue;
            sum += weights[source] * delta;
            divisor += weights[source];
        }
        return sum / Math.Max(divisor, Least);
    }

    static double[] Weights(MergeTensors tensors, bool[]? keep)
    {
        var squares = new double[tensors.Sources.Count];
        for (var source = 0; source < squares.Length; source++)
        {
            var index = source;
            squares[source] = tensors.Sum((first, end) =>
            {
                var sum = 0.0;
                for (var i = first; i < end; i++)
                    sum += keep is null || keep[i] ? tensors.Delta(index, i) * tensors.Delta(index, i) : 0;
                return sum;
            }) / Math.Max(1, tensors.Count);
        }
        // mergekit calls sums below 1e-6 none at all, which makes small differences equal ones.
        var total = squares.Sum();
        return total == 0 || tensors.Strict && total < Least ? [.. squares.Select(_ => 1.0 / squares.Length)] : [.. squares.Select(square => square / total)];
    }

    /// <summary>The largest int(share · nonzero) variances over the inputs, and one at least where there are any; null = all.</summary>
    static bool[]? Select(MergeTensors tensors, double share)
    {
        if (share >= 1)
            return null;
        var variances = new float[tensors.Count];
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
                variances[i] = (float)Variance(tensors, i);
        });
        return Ranking.Largest(variances, Sparsity.Kept(share, variances.Count(variance => variance != 0), tensors.Strict));
    }

    static double Variance(MergeTensors tensors, int element)
    {
        var count = tensors.Sources.Count;
        var (mean, squares) = (0.0, 0.0);
        for (var source = 0; source < count; source++)
            mean += tensors.Delta(source, element) / count;
        for (var source = 0; source < count; source++)
            squares += (tensors.Delta(source, element) - mean) * (tensors.Delta(source, element) - mean);
        return squares / count;
    }
}
