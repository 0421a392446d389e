namespace Brickwork.Bricks.Merge.Methods;

/// <summary>The mean on the sphere (Karcher 1977): the direction whose geodesics to all inputs pull equally, times their mean length.</summary>
/// <remarks>mergekit takes no weights here; ours default to the same, and strict compatibility ignores them.</remarks>
sealed class Karcher : IStreamedMethod
{
    public string Name => "karcher";

    public IReadOnlyList<MergeParameter> Shared { get; } = [new("max_iter", 10, 1, 100_000), new("tol", 1e-5, 0)];

    public IReadOnlyList<MergeParameter> PerSource { get; } = [new("weight", 1, 0)];

    public string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) =>
        sources.Sum(source => source["weight"]) == 0 ? "the weights add up to 0" : null;

    public StretchMerge Begin(MergeTensors tensors)
    {
        double[] weights = [.. tensors.Sources.Select(source => tensors.Strict ? 1 : source.Weight)];
        var sum = weights.Sum();
        var gram = Gram.Of(tensors, VectorAxis.Whole);
        return gram.Combine(tensors, VectorAxis.Whole, _ => weights.Length == 1 ? [1]
            : Coefficients(gram, [.. weights.Select(weight => weight / sum)], (int)tensors.Shared["max_iter"], tensors.Shared["tol"], tensors.Strict ? tensors.Shared["tol"] : 0));
    }

    /// <summary>The coefficients of the inputs in their mean. Inputs without length count for the length only.</summary>
    /// <param name="gram">Inner products of the inputs.</param>
    /// <param name="weights">They add up to 1.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="tolerance">Angles and steps below count as none.</param>
    /// <param name="noLength">Inputs that are no longer have no direction; mergekit takes its tolerance, which erases small tensors.</param>
    public static double[] Coefficients(Gram gram, double[] weights, int steps, double tolerance, double noLength = 0)
    {
        double[] norms = [.. Enumerable.Range(0, weights.Length).Select(i => gram.Norm(0, i))];
        var sum = weights.Where((_, i) => norms[i] > noLength).Sum();
        var length = weights.Select((weight, i) => weight * norms[i]).Sum();
        if (sum == 0)
            return new double[weights.Length];
        // The mean is kept as coefficients of unit vectors, so a step costs nothing that grows with the tensor.
        double[] own = [.. weights.Select((weight, i) => norms[i] > noLength ? weight / sum : 0)];
        var mean = Normalized(gram, norms, own, tolerance) ?? First(norms, noLength);
        for (var step = 0; step < steps && Step(gram, norms, own, tolerance, mean) is { } next; step++)
            mean = next;
        return [.. mean.Select((unit, i) => unit == 0 ? 0 : unit / norms[i] * length)];
    }

    /// <summary>⟨Σaθ, Σbθ⟩ of the first group.</summary>
    public static double Product(Gram gram, double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            for (var j = 0; j < b.Length; j++)
                sum += a[i] * b[j] * gram[0, i, j];
        return sum;
    }

    /// <summary>Along the mean of the logarithms; null where that is no way at all.</summary>
    static double[]? Step(Gram gram, double[] norms, double[] weights, double tolerance, double[] mean)
    {
        var tangent = new double[mean.Length];
        for (var k = 0; k < mean.Length; k++)
        {
            if (weights[k] == 0)
                continue;
            var unit = new double[mean.Length];
            unit[k] = 1;
            var dot = Math.Clamp(UnitProduct(gram, norms, mean, unit), -1, 1);
            var angle = Math.Acos(dot);
            if (angle <= tolerance)
                continue;
            var factor = weights[k] * angle / Math.Sin(angle);
            tangent[k] += factor;
            for (var i = 0; i < mean.Length; i++)
                tangent[i] -= factor * dot * mean[i];
        }
        var length = Math.Sqrt(Math.Max(0, UnitProduct(gram, norms, tangent, tangent)));
        if (!(length >= tolerance) || length == 0)
            return null;
        double[] moved = [.. mean.Select((value, i) => Math.Cos(length) * value + Math.Sin(length) / length * tangent[i])];
        return Normalized(gram, norms, moved, tolerance) ?? moved;
    }

    static double UnitProduct(Gram gram, double[] norms, double[] a, double[] b) => Product(gram, Plain(a, norms), Plain(b, norms));

    static double[] Plain(double[] units, double[] norms) => [.. units.Select((unit, i) => unit == 0 ? 0 : unit / norms[i])];

    static double[]? Normalized(Gram gram, double[] norms, double[] units, double tolerance)
    {
        var length = Math.Sqrt(Math.Max(0, UnitProduct(gram, norms, units, units)));
        return length < tolerance ? null : [.. units.Select(unit => unit / length)];
    }

    static double[] First(double[] norms, double noLength)
    {
        var first = new double[norms.Length];
        first[Array.FindIndex(norms, norm => norm > noLength)] = 1;
        return first;
    }
}
