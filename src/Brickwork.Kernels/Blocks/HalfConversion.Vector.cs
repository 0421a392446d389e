using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

static partial class HalfConversion
{
    /// <summary>Halves to floats; the same bits on every processor.</summary>
    /// <exception cref="ArgumentException">There is less room than halves.</exception>
    public static void Widen(ReadOnlySpan<ushort> halves, Span<float> values)
    {
        if (values.Length < halves.Length)
            throw new ArgumentException($"There is room for {values.Length} values, {halves.Length} halves came.", nameof(values));
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= halves.Length - Vector512<uint>.Count; i += Vector512<uint>.Count)
                Widen(Vector512.WidenLower(Vector256.Create(halves[i..]).ToVector512())).CopyTo(values[i..]);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= halves.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
                Widen(Vector256.WidenLower(Vector128.Create(halves[i..]).ToVector256())).CopyTo(values[i..]);
        }
        WidenReference(halves[i..], values[i..]);
    }

    /// <summary>Floats to halves, ties to even; the same bits on every processor.</summary>
    /// <exception cref="ArgumentException">There is less room than values.</exception>
    public static void Narrow(ReadOnlySpan<float> values, Span<ushort> halves)
    {
        if (halves.Length < values.Length)
            throw new ArgumentException($"There is room for {halves.Length} halves, {values.Length} values came.", nameof(halves));
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= values.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                var low = Narrow(Vector256.Create(values[i..]).AsUInt32());
                var high = Narrow(Vector256.Create(values[(i + Vector256<float>.Count)..]).AsUInt32());
                Vector256.Narrow(low, high).CopyTo(halves[i..]);
            }
        }
        NarrowReference(values[i..], halves[i..]);
    }

    /// <summary>Sixteen halves, one in each word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Widen(Vector512<uint> half)
    {
        var magnitude = half & Vector512.Create(0x7FFFu);
        var normal = (magnitude << 13) + Vector512.Create(ExponentShift);
        var special = Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(0x7C00u)) & Vector512.Create(ExponentShift);
        var subnormal = (Vector512.ConvertToSingle(magnitude.AsInt32()) * SubnormalStep).AsUInt32();
        var bits = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0x0400u)), subnormal, normal + special);
        return (bits | (half & Vector512.Create(0x8000u)) << 16).AsSingle();
    }

    /// <summary>Eight halves, one in each word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Widen(Vector256<uint> half)
    {
        var magnitude = half & Vector256.Create(0x7FFFu);
        var normal = (magnitude << 13) + Vector256.Create(ExponentShift);
        // Magnitudes fit 15 bits: comparing them as signed is the same and needs no AVX-512.
        var special = Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7BFF)).AsUInt32() & Vector256.Create(ExponentShift);
        var subnormal = (Vector256.ConvertToSingle(magnitude.AsInt32()) * SubnormalStep).AsUInt32();
        var isSubnormal = Vector256.GreaterThan(Vector256.Create(0x0400), magnitude.AsInt32()).AsUInt32();
        var bits = Vector256.ConditionalSelect(isSubnormal, subnormal, normal + special);
        return (bits | (half & Vector256.Create(0x8000u)) << 16).AsSingle();
    }

    static Vector256<uint> Narrow(Vector256<uint> bits)
    {
        var magnitude = (bits & Vector256.Create(0x7FFF_FFFFu)).AsInt32();
        var isNormal = Vector256.GreaterThan(magnitude, Vector256.Create(0x387F_FFFF));
        var isLarge = Vector256.GreaterThan(magnitude, Vector256.Create(0x477F_FFFF));
        var isNaN = Vector256.GreaterThan(magnitude, Vector256.Create(0x7F80_0000));

        // Values that round to zero are cleared first, so that no subnormal float takes part in the sum.
        var small = magnitude & Vector256.GreaterThan(magnitude, Vector256.Create(0x3300_0000));
        var subnormal = (small.AsSingle() + Vector256.Create(0.5f)).AsInt32() - Vector256.Create(0x3F00_0000);
        var odd = magnitude >>> 13 & Vector256.Create(1);
        var normal = magnitude + Vector256.Create(0xFFF) + odd - Vector256.Create((int)ExponentShift) >>> 13;

        var payload = magnitude >>> 13 & Vector256.Create(0x3FF);
        var quiet = Vector256.Equals(payload, Vector256<int>.Zero) & Vector256.Create(0x200);
        var special = Vector256.Create(0x7C00) | (payload | quiet) & isNaN;

        var half = Vector256.ConditionalSelect(isNormal, Vector256.ConditionalSelect(isLarge, special, normal), subnormal);
        return half.AsUInt32() | bits >>> 16 & Vector256.Create(0x8000u);
    }
}
