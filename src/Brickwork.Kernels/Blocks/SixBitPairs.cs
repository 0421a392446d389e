using System.Runtime.CompilerServices;

namespace Brickwork.Kernels.Blocks;

/// <summary>The 12 bytes of Q4_K and Q5_K that hold eight 6-bit scales and eight 6-bit minima.</summary>
/// <remarks>Groups 0..3: scale in the low six bits of byte g, minimum in those of byte g+4. Groups 4..7: four low bits of scale and
/// minimum in the two halves of byte g+4, their upper two bits on top of bytes g-4 and g.</remarks>
static class SixBitPairs
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int Scale, int Minimum) Read(ReadOnlySpan<byte> packed, int group) => group < 4
        ? (packed[group] & 63, packed[group + 4] & 63)
        : (packed[group + 4] & 15 | packed[group - 4] >> 6 << 4, packed[group + 4] >> 4 | packed[group] >> 6 << 4);

    /// <summary>Writes a pair; groups must come in order, because the upper ones complete the bytes of the lower ones.</summary>
    public static void Write(Span<byte> packed, int group, int scale, int minimum)
    {
        if (group < 4)
        {
            packed[group] = (byte)scale;
            packed[group + 4] = (byte)minimum;
            return;
        }
        packed[group + 4] = (byte)(scale & 15 | (minimum & 15) << 4);
        packed[group - 4] |= (byte)(scale >> 4 << 6);
        packed[group] |= (byte)(minimum >> 4 << 6);
    }
}
