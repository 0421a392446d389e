namespace Brickwork.Kernels.Tests;

/// <summary>Random rows, and how near two rows are.</summary>
static class Rows
{
    /// <summary>The lengths every kernel is tried with: all tails of all vector widths, and a long odd one.</summary>
    public static IEnumerable<int> Lengths => [.. Enumerable.Range(0, 257), 4095];

    public static float[] Random(int seed, int length, float spread = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => ((float)random.NextDouble() * 2 - 1) * spread)];
    }

    /// <summary>Each value within a share of the expected one, plus an absolute allowance.</summary>
    public static void ShouldBeClose(this float[] actual, float[] expected, double relative, double absolute, string what)
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (var i = 0; i < actual.Length; i++)
            if (!(Math.Abs((double)actual[i] - expected[i]) <= relative * Math.Abs((double)expected[i]) + absolute))
                Assert.Fail($"{what}: value {i} of {actual.Length} is {actual[i]:R}, expected {expected[i]:R}.");
    }

    public static void ShouldBeBitIdentical(this ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string what)
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (var i = 0; i < actual.Length; i++)
            if (BitConverter.SingleToInt32Bits(actual[i]) != BitConverter.SingleToInt32Bits(expected[i]))
                Assert.Fail($"{what}: value {i} is {actual[i]:R} and not {expected[i]:R}.");
    }
}
