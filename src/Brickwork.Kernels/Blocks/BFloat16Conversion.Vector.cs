using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

static partial class BFloat16Conversion
{
    /// <summary>Brain floats to floats; the same bits on every processor.</summary>
    /// <exception cref="ArgumentException">There is less room than brain floats.</exception>
    public static void Widen(ReadOnlySpan<ushort> source, Span<float> values)
    {
        if (values.Length < source.Length)
            throw new ArgumentException($"There is room for {values.Length} values, {source.Length} brain floats came.", nameof(values));
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= source.Length - Vector512<uint>.Count; i += Vector512<uint>.Count)
                (Vector512.WidenLower(Vector256.Create(source[i..]).ToVector512()) << 16).AsSingle().CopyTo(values[i..]);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= source.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
                (Vector256.WidenLower(Vector128.Create(source[i..]).ToVector256()) << 16).AsSingle().CopyTo(values[i..]);
        }
        WidenReference(source[i..], values[i..]);
    }

    /// <summary>Floats to brain floats, ties to even; the same bits on every processor.</summary>
    /// <exception cref="ArgumentException">There is less room than values.</exception>
    public static void Narrow(ReadOnlySpan<float> values, Span<ushort> target)
    {
        if (target.Length < values.Length)
            throw new ArgumentException($"There is room for {target.Length} brain floats, {values.Length} values came.", nameof(target));
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= values.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                var low = Narrow(Vector256.Create(values[i..]).AsUInt32());
                var high = Narrow(Vector256.Create(values[(i + Vector256<float>.Count)..]).AsUInt32());
                Vector256.Narrow(low, high).CopyTo(target[i..]);
            }
        }
        NarrowReference(values[i..], target[i..]);
    }

    static Vector256<uint> Narrow(Vector256<uint> bits)
    {
        var upper = bits >>> 16;
        var rounded = bits + Vector256.Create(0x7FFFu) + (upper & Vector256.Create(1u)) >>> 16;
        var magnitude = (bits & Vector256.Create(0x7FFF_FFFFu)).AsInt32();
        var isNaN = Vector256.GreaterThan(magnitude, Vector256.Create(0x7F80_0000)).AsUInt32();
        return Vector256.ConditionalSelect(isNaN, upper | Vector256.Create(0x40u), rounded);
    }
}
