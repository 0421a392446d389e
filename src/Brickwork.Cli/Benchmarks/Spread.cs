namespace Brickwork.Cli.Benchmarks;

/// <summary>What repeated measurements of one thing came to.</summary>
/// <param name="values">At least one.</param>
sealed class Spread(IEnumerable<double> values)
{
    readonly double[] _sorted = [.. values.Order()];

    /// <summary>The middle one; of an even number the mean of the middle two.</summary>
    public double Median => (_sorted[(_sorted.Length - 1) / 2] + _sorted[_sorted.Length / 2]) / 2;

    public double Largest => _sorted[^1];

    public double Smallest => _sorted[0];
}
