using System.Numerics;

namespace Brickwork.Bricks.Merge;

/// <summary>Counts over the two halves of the bits of magnitudes: as they stand in the order of the values, two counts find any rank.</summary>
static class MagnitudeBits
{
    /// <summary>How many values a half can have.</summary>
    public const int Halves = 1 << HalfBits;

    const int HalfBits = 16;

    /// <summary>Counts the high halves.</summary>
    public static void CountHigh(ReadOnlySpan<float> magnitudes, int[] counts)
    {
        foreach (var value in magnitudes)
            counts[Bits(value) >> HalfBits]++;
    }

    /// <summary>Counts the low halves of those with one high half.</summary>
    public static void CountLow(ReadOnlySpan<float> magnitudes, uint high, int[] counts)
    {
        foreach (var value in magnitudes)
            if (Bits(value) >> HalfBits == high)
                counts[Bits(value) & (Halves - 1)]++;
    }

    /// <summary>The half in which a rank lies; the rank becomes that among those of this half.</summary>
    public static uint Find<T>(T[] counts, ref T rank) where T : IBinaryInteger<T>
    {
        for (var index = 0; ; index++)
        {
            if (rank < counts[index])
                return (uint)index;
            rank -= counts[index];
        }
    }

    /// <summary>The value of two halves.</summary>
    public static float Value(uint high, uint low) => BitConverter.UInt32BitsToSingle(high << HalfBits | low);

    static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);
}
