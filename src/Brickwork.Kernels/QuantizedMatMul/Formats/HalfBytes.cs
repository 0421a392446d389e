using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

/// <summary>Ways in which formats keep 32 small numbers in parts of bytes.</summary>
static class HalfBytes
{
    /// <summary>32 numbers from 16 bytes: the low halves, then the high halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Halves(ReadOnlySpan<byte> packed)
    {
        var bytes = Vector128.Create(packed);
        return Vector256.Create(bytes & Vector128.Create((byte)15), bytes >>> 4);
    }

    /// <summary>32 numbers from 32 bytes: <paramref name="bits"/> bits from bit <paramref name="shift"/> on of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Bits(ReadOnlySpan<byte> packed, int shift, int bits) =>
        (Vector256.Create(packed) >>> shift) & Vector256.Create((byte)((1 << bits) - 1));

    /// <summary>The 32 bits of a word, bit i as byte i, moved to bit <paramref name="shift"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Spread(uint bits, int shift)
    {
        // Byte i of the word eight times each; then bit i % 8 of it.
        var bytes = Vector256.Shuffle(Vector256.Create(bits).AsByte(), Vector256.Create(
            (byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3));
        var bit = Vector256.Create(0x8040_2010_0804_0201UL).AsByte();
        return Vector256.Equals(bytes & bit, bit) & Vector256.Create((byte)(1 << shift));
    }
}
