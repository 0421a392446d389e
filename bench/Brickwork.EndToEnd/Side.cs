namespace Brickwork.EndToEnd;

/// <summary>The runs of one engine at one thing.</summary>
sealed class Side(IReadOnlyList<Measurement> runs, Unit unit)
{
    public double Median => Middle(runs.Select(run => run.Value));

    public double Best => unit == Unit.TokensPerSecond ? runs.Max(run => run.Value) : runs.Min(run => run.Value);

    public double? Share => runs.All(run => run.Share is not null) ? Middle(runs.Select(run => run.Share!.Value)) : null;

    /// <summary>The middle one; of an even number the mean of the middle two.</summary>
    public static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
