using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.Blocks;

/// <summary>The last step of reading a block: sixteen small integers become sixteen floats.</summary>
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<float> Low, Vector256<float> High) Widen(Vector128<sbyte> quants)
    {
        var words = Vector256.WidenLower(quants.ToVector256());
        return (Vector256.ConvertToSingle(Vector256.WidenLower(words)), Vector256.ConvertToSingle(Vector256.WidenUpper(words)));
    }
}
