using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>Values to the whole numbers of a scale. Lengths are multiples of 8.</summary>
static class Rounding
{
    /// <summary>The nearest whole number within bounds, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Clamp(float value, int lowest, int highest) => (int)MathF.Round(Math.Clamp(value, lowest, highest));

    /// <summary>1 / scale, or 0 where that is no finite number.</summary>
    public static float InverseOrZero(float scale)
    {
        var inverse = 1 / scale;
        return float.IsFinite(inverse) ? inverse : 0;
    }

    /// <summary>Nearest: q = round((value + shift) / scale) + zero, from 0 to highest; ties to even.</summary>
    /// <remarks>For a scale of 0 all become the q that stands for zero.</remarks>
    public static void Nearest(ReadOnlySpan<float> values, float scale, float shift, int zero, int highest, Span<byte> quants)
    {
        if (scale == 0)
        {
            quants[..values.Length].Fill((byte)zero);
            return;
        }
        var inverse = 1 / scale;
        var (lowest, top) = (Vector256.Create((float)-zero), Vector256.Create((float)(highest - zero)));
        for (var i = 0; i <= values.Length - 8; i += 8)
        {
            var scaled = (Vector256.Create(values[i..]) + Vector256.Create(shift)) * inverse;
            var whole = Vector256.Round(Vector256.Min(Vector256.Max(scaled, lowest), top)) + Vector256.Create((float)zero);
            Store(Vector256.ConvertToInt32(whole), quants[i..]);
        }
    }

    /// <summary>As ggml writes the simple types: q = (value - minimum) * inverse + bias without its fraction, up to highest.</summary>
    public static void Truncated(ReadOnlySpan<float> values, float minimum, float inverse, float bias, int highest, Span<byte> quants)
    {
        for (var i = 0; i <= values.Length - 8; i += 8)
        {
            var scaled = (Vector256.Create(values[i..]) - Vector256.Create(minimum)) * inverse + Vector256.Create(bias);
            Store(Vector256.Min(Vector256.ConvertToInt32(scaled), Vector256.Create(highest)), quants[i..]);
        }
    }

    /// <summary>q = value * inverse as signed bytes; halves go away from zero.</summary>
    public static void AwayFromZero(ReadOnlySpan<float> values, float inverse, Span<byte> quants)
    {
        for (var i = 0; i <= values.Length - 8; i += 8)
        {
            var scaled = Vector256.Create(values[i..]) * inverse;
            var whole = Vector256.Truncate(scaled);
            var outward = Vector256.GreaterThanOrEqual(Vector256.Abs(scaled - whole), Vector256.Create(0.5f));
            var one = Vector256.CopySign(Vector256<float>.One, scaled);
            Store(Vector256.ConvertToInt32(whole + (one.AsInt32() & outward.AsInt32()).AsSingle()), quants[i..]);
        }
    }

    /// <summary>Writes 32 numbers below 16 in 16 bytes: number i in the low, number i+16 in the high half of byte i.</summary>
    public static void StoreHalfBytes(ReadOnlySpan<byte> quants, Span<byte> target)
    {
        var low = Vector128.Create(quants) & Vector128.Create((byte)15);
        (low | Vector128.Create(quants[16..]) << 4).CopyTo(target);
    }

    /// <summary>Bit 4 of 32 numbers as one word.</summary>
    public static uint FifthBits(ReadOnlySpan<byte> quants) => (Vector256.Create(quants) << 3).ExtractMostSignificantBits();

    /// <summary>Writes eight numbers as bytes.</summary>
    public static void Store(Vector256<int> whole, Span<byte> quants)
    {
        var words = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
        Vector128.Narrow(words, words).AsByte().GetLower().CopyTo(quants);
    }
}
