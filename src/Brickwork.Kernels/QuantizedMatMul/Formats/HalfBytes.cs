using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

/// <summary>Ways in which formats keep 32 small numbers in parts of bytes.</summary>
static class HalfBytes
{
    /// <summary>32 numbers from 16 bytes: the low halves, then the high halves.</summary>
    public static Vector256<byte> Halves(ReadOnlySpan<byte> packed)
    {
        var bytes = Vector128.Create(packed);
        return Vector256.Create(bytes & Vector128.Create((byte)15), bytes >>> 4);
    }

    /// <summary>32 numbers from 32 bytes: <paramref name="bits"/> bits from bit <paramref name="shift"/> on of each.</summary>
    public static Vector256<byte> Bits(ReadOnlySpan<byte> packed, int shift, int bits) =>
        (Vector256.Create(packed) >>> shift) & Vector256.Create((byte)((1 << bits) - 1));

    /// <summary>The 32 bits of a word, bit i as byte i, moved to bit <paramref name="shift"/>.</summary>
    public static Vector256<byte> Spread(uint bits, int shift)
    {
        Span<byte> bytes = stackalloc byte[32];
        for (var index = 0; index < bytes.Length; index++)
            bytes[index] = (byte)((bits >> index & 1) << shift);
        return Vector256.Create((ReadOnlySpan<byte>)bytes);
    }
}
