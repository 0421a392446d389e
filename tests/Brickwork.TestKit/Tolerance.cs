namespace Brickwork.TestKit;

/// <summary>How far a computed value may lie from the expected one, and why.</summary>
/// <param name="Absolute">Allowed whatever the size of the value.</param>
/// <param name="Relative">Allowed per unit of the expected value.</param>
/// <param name="Reason">Stands in the message of a failed test.</param>
public readonly record struct Tolerance(double Absolute, double Relative, string Reason)
{
    /// <summary>Half the distance between 1 and the next float: the largest relative error of one rounding.</summary>
    const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>The same bits; any NaN equals any other.</summary>
    public static Tolerance Exact { get; } = new(0, 0, "the same bits");

    /// <summary>The same terms added in another order.</summary>
    /// <param name="length">How many terms there are.</param>
    /// <param name="magnitude">The usual size of one term (root mean square).</param>
    /// <remarks>
    /// Partial sums of n terms with random signs grow to m√n, each addition rounds by u·m√n, and n such errors add up to n·u·m.
    /// Two orders differ by √2 of that; the factor 4 leaves room for the unlucky seed. A forgotten term is off by m: far outside.
    /// </remarks>
    public static Tolerance Float32Sum(int length, double magnitude = 1) =>
        new(4 * UnitRoundoff * (length + 1) * magnitude, 4 * UnitRoundoff, $"{length} terms of size {magnitude:G3}, added in F32 in another order");

    /// <summary>A few roundings of single operations.</summary>
    public static Tolerance Roundings(int count) => new(float.Epsilon * count, UnitRoundoff * 2 * count, $"{count} roundings in F32");

    /// <summary>Values stored as F16: 11 bits of precision, and a fixed step below 2⁻¹⁴.</summary>
    public static Tolerance Float16 { get; } = new(Math.ScaleB(1, -25), Math.ScaleB(1, -11), "rounding to F16");

    /// <summary>Values stored as BF16: 8 bits of precision.</summary>
    public static Tolerance BFloat16 { get; } = new(float.Epsilon, Math.ScaleB(1, -8), "rounding to BF16");

    /// <summary>A bound that the test derives itself.</summary>
    public static Tolerance Within(double absolute, string reason) => new(absolute, 0, reason);

    /// <summary>The distance allowed from this value.</summary>
    public double Around(double expected) => Absolute + Relative * Math.Abs(expected);

    /// <summary>Whether the value is near enough. NaN is near NaN only, an infinity near itself only.</summary>
    public bool Allows(float actual, float expected)
    {
        if (float.IsNaN(actual) || float.IsNaN(expected))
            return float.IsNaN(actual) && float.IsNaN(expected);
        if (this == Exact)
            return BitConverter.SingleToInt32Bits(actual) == BitConverter.SingleToInt32Bits(expected);
        return actual == expected || Math.Abs((double)actual - expected) <= Around(expected) && float.IsFinite(expected);
    }
}
