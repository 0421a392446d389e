using System.Globalization;

namespace Brickwork.TestKit;

/// <summary>Comparisons of many floats that name the worst one.</summary>
public static class SpanAssertions
{
    /// <summary>Fails where a value is farther from the expected one than the tolerance allows; names the place that is farthest outside.</summary>
    public static void ShouldBeClose(this ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, Tolerance tolerance, string what = "values")
    {
        if (actual.Length != expected.Length)
            Assert.Fail($"{what}: found {actual.Length} values, expected {expected.Length}.");
        var (worst, worstExcess, outside) = (-1, double.NegativeInfinity, 0);
        for (var index = 0; index < actual.Length; index++)
        {
            if (tolerance.Allows(actual[index], expected[index]))
                continue;
            outside++;
            var excess = Math.Abs((double)actual[index] - expected[index]) - tolerance.Around(expected[index]);
            if (double.IsNaN(excess))
                excess = double.PositiveInfinity;
            if (worst < 0 || excess > worstExcess)
                (worst, worstExcess) = (index, excess);
        }
        if (outside > 0)
            Assert.Fail(Describe(what, worst, actual[worst], expected[worst], tolerance, outside, actual.Length));
    }

    /// <summary>The same for one value.</summary>
    public static void ShouldBeClose(this float actual, float expected, Tolerance tolerance, string what = "value") =>
        new ReadOnlySpan<float>(in actual).ShouldBeClose(new ReadOnlySpan<float>(in expected), tolerance, what);

    static string Describe(string what, int index, float actual, float expected, Tolerance tolerance, int outside, int length) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{what}[{index}] is {actual:R}, expected {expected:R}: off by {Math.Abs((double)actual - expected):G4}, "
            + $"allowed {tolerance.Around(expected):G4} ({tolerance.Reason}). {outside} of {length} values are outside; this is the worst.");
}
