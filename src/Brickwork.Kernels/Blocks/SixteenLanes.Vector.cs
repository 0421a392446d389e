using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.Blocks;

/// <summary>The last steps of reading a block: sixteen small integers become sixteen floats.</summary>
static class SixteenLanes
{
    /// <summary>values = scale * quants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(Vector128<sbyte> quants, float scale, Span<float> values)
    {
        if (Avx512F.IsSupported)
        {
            (Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(quants)) * scale).CopyTo(values);
            return;
        }
        var (low, high) = Widen(quants);
        (low * scale).CopyTo(values);
        (high * scale).CopyTo(values[8..]);
    }

    /// <summary>values = scale * quants - minimum, both steps rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScaleAndLower(Vector128<sbyte> quants, float scale, float minimum, Span<float> values)
    {
        if (Avx512F.IsSupported)
        {
            var wide = Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(quants));
            (wide * scale - Vector512.Create(minimum)).CopyTo(values);
            return;
        }
        var (low, high) = Widen(quants);
        (low * scale - Vector256.Create(minimum)).CopyTo(values);
        (high * scale - Vector256.Create(minimum)).CopyTo(values[8..]);
    }

    /// <summary>All ones in every lane whose bit is set, zero in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Spread(uint sixteenBits)
    {
        // Lanes 0..7 get a copy of the low byte, lanes 8..15 of the high one; each then looks at its own bit.
        const ulong EveryByte = 0x0101_0101_0101_0101;
        var copies = Vector128.Create((sixteenBits & 0xFF) * EveryByte, (sixteenBits >> 8 & 0xFF) * EveryByte).AsByte();
        var own = Vector128.Create(0x8040_2010_0804_0201ul).AsByte();
        return Vector128.Equals(copies & own, own);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<float> Low, Vector256<float> High) Widen(Vector128<sbyte> quants)
    {
        var words = Vector256.WidenLower(quants.ToVector256());
        return (Vector256.ConvertToSingle(Vector256.WidenLower(words)), Vector256.ConvertToSingle(Vector256.WidenUpper(words)));
    }
}
