namespace Brickwork.Bricks.Merge;

/// <summary>Which values are the largest, without sorting: two counts over the halves of their bits find any rank.</summary>
/// <remarks>Values are magnitudes: not negative and finite, so their bits stand in their order. Of equals the lower index stays.</remarks>
static class Ranking
{
    /// <summary>The value of a rank, 0 = smallest.</summary>
    public static float At(ReadOnlySpan<float> values, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, values.Length);
        var counts = new int[MagnitudeBits.Halves];
        MagnitudeBits.CountHigh(values, counts);
        var left = rank;
        var high = MagnitudeBits.Find(counts, ref left);
        Array.Clear(counts);
        MagnitudeBits.CountLow(values, high, counts);
        return MagnitudeBits.Value(high, MagnitudeBits.Find(counts, ref left));
    }

    /// <summary>Marks the largest <paramref name="count"/> values.</summary>
    public static bool[] Largest(ReadOnlySpan<float> values, int count)
    {
        var keep = new bool[values.Length];
        if (count <= 0)
            return keep;
        var threshold = At(values, values.Length - Math.Min(count, values.Length));
        var above = 0;
        foreach (var value in values)
            above += value > threshold ? 1 : 0;
        var equals = count - above;
        for (var i = 0; i < values.Length; i++)
            keep[i] = values[i] > threshold || values[i] == threshold && equals-- > 0;
        return keep;
    }
}
