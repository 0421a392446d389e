using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Attention;

/// <summary>Rows of floats rounded to half precision, ties to even; too large becomes infinite, NaN stays NaN.</summary>
static class HalfRow
{
    public static void Round(ReadOnlySpan<float> values, Span<ushort> halves)
    {
        ref var source = ref MemoryMarshal.GetReference(values);
        ref var target = ref MemoryMarshal.GetReference(halves[..values.Length]);
        var whole = values.Length - values.Length % Vector256<float>.Count;
        for (var i = 0; i < whole; i += Vector256<float>.Count)
        {
            var low = Bits(Vector128.LoadUnsafe(ref source, (nuint)i));
            var high = Bits(Vector128.LoadUnsafe(ref source, (nuint)(i + Vector128<float>.Count)));
            Vector128.Narrow(low, high).StoreUnsafe(ref target, (nuint)i);
        }
        for (var i = whole; i < values.Length; i++)
            halves[i] = BitConverter.HalfToUInt16Bits((Half)values[i]);
    }

    /// <summary>Adding a power of two so large that only a half's bits remain lets the processor do the rounding.</summary>
    static Vector128<uint> Bits(Vector128<float> value)
    {
        var bits = value.AsUInt32();
        var magnitude = bits & Vector128.Create(0x7FFFFFFFu);
        // What rounds past the largest half overflows to infinity here, and comes back below.
        var scaled = magnitude.AsSingle() * Vector128.Create(5.192296858534828e33f) * Vector128.Create(7.703719777548943e-34f);
        var exponent = Vector128.Max(magnitude & Vector128.Create(0x7F800000u), Vector128.Create(0x38800000u));
        var rounder = (exponent + Vector128.Create(0x07800000u)).AsSingle();
        var rounded = (scaled + rounder).AsUInt32();
        var finite = ((rounded >> 13) & Vector128.Create(0x7C00u)) + (rounded & Vector128.Create(0x0FFFu));
        var isNaN = Vector128.GreaterThan(magnitude, Vector128.Create(0x7F800000u));
        var half = Vector128.ConditionalSelect(isNaN, Vector128.Create(0x7E00u), finite);
        return half | ((bits >> 16) & Vector128.Create(0x8000u));
    }
}
