namespace Brickwork.Bricks.Merge;

/// <summary>Which values are the largest, without sorting: two counts over the halves of their bits find any rank.</summary>
/// <remarks>Values are magnitudes: not negative and finite, so their bits stand in their order. Of equals the lower index stays.</remarks>
static class Ranking
{
    const int HalfBits = 16;
    const int Halves = 1 << HalfBits;

    /// <summary>The value of a rank, 0 = smallest.</summary>
    public static float At(ReadOnlySpan<float> values, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, values.Length);
        var counts = new int[Halves];
        foreach (var value in values)
            counts[Bits(value) >> HalfBits]++;
        var high = Find(counts, ref rank);
        Array.Clear(counts);
        foreach (var value in values)
            if (Bits(value) >> HalfBits == high)
                counts[Bits(value) & (Halves - 1)]++;
        var low = Find(counts, ref rank);
        return BitConverter.UInt32BitsToSingle(high << HalfBits | low);
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

    static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    static uint Find(int[] counts, ref int rank)
    {
        for (var index = 0; ; index++)
        {
            if (rank < counts[index])
                return (uint)index;
            rank -= counts[index];
        }
    }
}
