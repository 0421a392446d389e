namespace Brickwork.Kernels.Blocks;

/// <summary>Brain floats (the upper half of a float) to float and back, to nearest even.</summary>
static partial class BFloat16Conversion
{
    /// <summary>The float with the value of these brain float bits.</summary>
    public static float ToSingle(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    /// <summary>The bits of the nearest brain float; ties to even, NaN stays NaN.</summary>
    public static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? (ushort)(bits >> 16 | 0x40)
            : (ushort)(bits + 0x7FFF + (bits >> 16 & 1) >> 16);
    }

    /// <summary>Brain floats to floats, one by one.</summary>
    public static void WidenReference(ReadOnlySpan<ushort> source, Span<float> values)
    {
        for (var i = 0; i < source.Length; i++)
            values[i] = ToSingle(source[i]);
    }

    /// <summary>Floats to brain floats, one by one.</summary>
    public static void NarrowReference(ReadOnlySpan<float> values, Span<ushort> target)
    {
        for (var i = 0; i < values.Length; i++)
            target[i] = ToBFloat16(values[i]);
    }
}
