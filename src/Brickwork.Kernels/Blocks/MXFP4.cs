namespace Brickwork.Kernels.Blocks;

/// <summary>32 values: a power of two as scale and 4-bit floats (OCP microscaling, E2M1).</summary>
/// <remarks>Bytes: exponent of the scale 1, numbers 16 (value i in the low, value i+16 in the high half of byte i).</remarks>
readonly partial struct MXFP4 : IVectorFormat, IWritableFormat
{
    const int Quants = 1;

    public static DType Type => DType.MXFP4;

    /// <summary>Twice the values of the 4-bit floats, which NVFP4 shares: whole numbers. Minus zero is read as zero.</summary>
    public static ReadOnlySpan<sbyte> Levels => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfPower(block[0]);
        for (var i = 0; i < 16; i++)
        {
            values[i] = Levels[block[Quants + i] & 15] * scale;
            values[i + 16] = Levels[block[Quants + i] >> 4] * scale;
        }
    }

    /// <summary>Half of two to the power of exponent - 127: half, because the levels are doubled.</summary>
    static float HalfPower(byte exponent) =>
        BitConverter.UInt32BitsToSingle(exponent < 2 ? 0x0020_0000u << exponent : (uint)(exponent - 1) << 23);
}
