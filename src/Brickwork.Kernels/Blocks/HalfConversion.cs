using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Brickwork.Kernels.Blocks;

/// <summary>IEEE half precision to float and back, exact and to nearest even, NaN payloads kept.</summary>
/// <remarks>No step computes with subnormal floats: those cost a processor trap each on many machines.</remarks>
static partial class HalfConversion
{
    const uint ExponentShift = 112u << 23;      // float bias 127 - half bias 15, in place
    const float SubnormalStep = 1f / (1 << 24); // distance between subnormal halves

    /// <summary>The float with the value of these half bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort half)
    {
        var magnitude = half & 0x7FFFu;
        var bits = magnitude switch
        {
            < 0x0400 => BitConverter.SingleToUInt32Bits(magnitude * SubnormalStep),
            < 0x7C00 => (magnitude << 13) + ExponentShift,
            _ => (magnitude << 13) + 2 * ExponentShift,
        };
        return BitConverter.UInt32BitsToSingle(bits | (half & 0x8000u) << 16);
    }

    /// <summary>The bits of the nearest half; ties to even, infinity from 65520 on.</summary>
    public static ushort ToHalf(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var magnitude = bits & 0x7FFF_FFFFu;
        var half = magnitude switch
        {
            <= 0x3300_0000 => 0u,                                                       // up to 2^-25, which ties to zero
            < 0x3880_0000 => BitConverter.SingleToUInt32Bits(MathF.Abs(value) + 0.5f) - 0x3F00_0000u, // the sum rounds at 2^-24
            < 0x4780_0000 => magnitude + 0xFFF + (magnitude >> 13 & 1) - ExponentShift >> 13,
            <= 0x7F80_0000 => 0x7C00u,
            _ => 0x7C00u | Math.Max(magnitude >> 13 & 0x3FF, (magnitude & 0x007F_E000) == 0 ? 0x200u : 0u),
        };
        return (ushort)(half | bits >> 16 & 0x8000);
    }

    /// <summary>Reads the half at an offset of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(ReadOnlySpan<byte> block, int offset) =>
        ToSingle(BinaryPrimitives.ReadUInt16LittleEndian(block[offset..]));

    /// <summary>Writes the nearest half at an offset of a block and returns what a reader will see.</summary>
    public static float Write(Span<byte> block, int offset, float value)
    {
        var half = ToHalf(value);
        BinaryPrimitives.WriteUInt16LittleEndian(block[offset..], half);
        return ToSingle(half);
    }

    /// <summary>Halves to floats, one by one.</summary>
    public static void WidenReference(ReadOnlySpan<ushort> halves, Span<float> values)
    {
        for (var i = 0; i < halves.Length; i++)
            values[i] = ToSingle(halves[i]);
    }

    /// <summary>Floats to halves, one by one.</summary>
    public static void NarrowReference(ReadOnlySpan<float> values, Span<ushort> halves)
    {
        for (var i = 0; i < values.Length; i++)
            halves[i] = ToHalf(values[i]);
    }
}
