using System.Numerics;

namespace Brickwork.Kernels.Blocks;

/// <summary>What the codebook formats share: points of eight or four small levels, and the signs that go with them.</summary>
static class Codebook
{
    /// <summary>Points of eight signed bytes from codes of eight 2-bit level numbers.</summary>
    public static ulong[] ExpandEight(ReadOnlySpan<ushort> codes, ReadOnlySpan<sbyte> levels) => Expand(codes, levels, count: 8, bits: 2);

    /// <summary>Points of four signed bytes (lower half of the number) from codes of four 3-bit level numbers.</summary>
    public static ulong[] ExpandFour(ReadOnlySpan<ushort> codes, ReadOnlySpan<sbyte> levels) => Expand(codes, levels, count: 4, bits: 3);

    /// <summary>Eight signs from seven bits: the number of minus signs is always even, so the eighth follows.</summary>
    public static uint EvenSigns(uint sevenBits) => sevenBits | (uint)(BitOperations.PopCount(sevenBits) & 1) << 7;

    /// <summary>Eight values: scale * level, negative where the sign bit is set.</summary>
    public static void Read(ulong point, uint signs, float scale, Span<float> values)
    {
        for (var i = 0; i < 8; i++)
        {
            var value = scale * (sbyte)(point >> 8 * i);
            values[i] = (signs >> i & 1) == 0 ? value : -value;
        }
    }

    /// <summary>Eight values: scale * (level + shift).</summary>
    public static void ReadShifted(ulong point, float shift, float scale, Span<float> values)
    {
        for (var i = 0; i < 8; i++)
            values[i] = scale * ((sbyte)(point >> 8 * i) + shift);
    }

    static ulong[] Expand(ReadOnlySpan<ushort> codes, ReadOnlySpan<sbyte> levels, int count, int bits)
    {
        var points = new ulong[codes.Length];
        for (var index = 0; index < codes.Length; index++)
            for (var i = 0; i < count; i++)
                points[index] |= (ulong)(byte)levels[codes[index] >> bits * i & (1 << bits) - 1] << 8 * i;
        return points;
    }
}
