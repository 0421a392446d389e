namespace Brickwork.Bricks.Merge.Methods;

/// <summary>The mean direction of several inputs times their mean length; with a base, of the differences from it.</summary>
/// <remarks>
/// mergekit's step in the tangent space is always zero, which leaves this closed form. The dialect <c>paper</c> takes the barycentre on the
/// sphere instead, which is what the method is named for.
/// </remarks>
sealed class MultiSlerp : IStreamedMethod
{
    // What is left of opposite directions that were rounded to F32 is no direction.
    const double Rounding = 1e-7;

    public string Name => "multislerp";

    public BaseUse Base => BaseUse.Optional;

    public IReadOnlyList<MergeParameter> Shared { get; } = [MergeParameter.Flag("normalize_weights", true), new("eps", 1e-8, 0)];

    public IReadOnlyList<MergeParameter> PerSource { get; } = [MergeParameter.Weight];

    public string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) =>
        shared.Flag("normalize_weights") && sources.Sum(source => source["weight"]) == 0 ? "the weights add up to 0" : null;

    public StretchMerge Begin(MergeTensors tensors)
    {
        var gram = Gram.Of(tensors, VectorAxis.Whole);
        return gram.Combine(tensors, VectorAxis.Whole, _ => Coefficients(tensors, gram));
    }

    static double[] Coefficients(MergeTensors tensors, Gram gram)
    {
        if (tensors.Sources.Count == 1)
            return [1];
        double[] weights = [.. tensors.Sources.Select(source => source.Weight)];
        var sum = tensors.Shared.Flag("normalize_weights") ? weights.Sum() : 1;
        weights = [.. weights.Select(weight => weight / sum)];
        if (tensors.Dialect == MergeDialect.Paper)
            return Karcher.Coefficients(gram, weights, steps: 100, tolerance: 1e-12);
        var eps = tensors.Shared["eps"];
        double[] units = [.. weights.Select((weight, i) => weight / (gram.Norm(0, i) + eps))];
        var length = Math.Sqrt(Math.Max(0, Karcher.Product(gram, units, units)));
        if (length < Math.Max(eps, Rounding * weights.Sum(Math.Abs)))
            return weights.Length == 2 ? weights : throw tensors.Refuse("multislerp", "the directions of its inputs cancel each other.", "Choose other weights.");
        var mean = weights.Select((weight, i) => weight * gram.Norm(0, i)).Sum();
        return [.. units.Select(unit => unit / length * mean)];
    }
}
