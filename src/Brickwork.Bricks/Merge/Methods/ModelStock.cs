namespace Brickwork.Bricks.Merge.Methods;

/// <summary>tθ̄ + (1−t)θ₀ with t = Nc / (1 + (N−1)c), c the mean cosine of the differences (Jang et al. 2024).</summary>
/// <remarks>The paper's t lies between 0 and 1, where c is not negative. mergekit lets it run to its pole; ours is kept in these limits.</remarks>
sealed class ModelStock : IStreamedMethod
{
    const double NoLength = 1e-6;

    public string Name => "model_stock";

    public BaseUse Base => BaseUse.Required;

    public int LeastSources => 2;

    public IReadOnlyList<MergeParameter> Shared { get; } = [MergeParameter.Flag("filter_wise", false)];

    public StretchMerge Begin(MergeTensors tensors)
    {
        var axis = tensors.Shared.Flag("filter_wise") && tensors.Shape.Rank > 1 ? VectorAxis.Rows : VectorAxis.Whole;
        var gram = Gram.Of(tensors, axis);
        var count = tensors.Sources.Count;
        return gram.Combine(tensors, axis, group =>
        {
            var share = Ratio(gram, group, count, tensors.Strict) / count;
            return [.. Enumerable.Repeat(share, count)];
        });
    }

    /// <summary>t of one group of vectors.</summary>
    public static double Ratio(Gram gram, int group, int count, bool strict)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            for (var j = i + 1; j < count; j++)
                sum += Cosine(gram[group, i, j], gram.Norm(group, i) * gram.Norm(group, j), strict);
        var cosine = sum / (count * (count - 1) / 2.0);
        if (strict)
            return count * cosine / (1 + (count - 1) * cosine);
        return cosine <= 0 ? 0 : count * cosine / (1 + (count - 1) * cosine);
    }

    // mergekit's floor under the lengths makes short differences look unlike each other.
    static double Cosine(double product, double lengths, bool strict) =>
        strict ? Math.Clamp(product / Math.Max(lengths, NoLength), -1, 1) : lengths == 0 ? 0 : Math.Clamp(product / lengths, -1, 1);
}
