namespace Brickwork.Kernels.Blocks;

/// <summary>64 values in 4 groups of 16: an unsigned 8-bit float (E4M3) as scale and 4-bit floats (E2M1).</summary>
/// <remarks>Bytes: scales 4, numbers 32 (8 for each group: value i in the low, value i+8 in the high half of byte i).</remarks>
readonly partial struct NVFP4 : IWritableFormat
{
    const int Quants = 4;

    public static DType Type => DType.NVFP4;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        for (var group = 0; group < 4; group++)
        {
            var scale = HalfScale(block[group]);
            var numbers = block.Slice(Quants + 8 * group, 8);
            for (var i = 0; i < 8; i++)
            {
                values[16 * group + i] = MXFP4.Levels[numbers[i] & 15] * scale;
                values[16 * group + 8 + i] = MXFP4.Levels[numbers[i] >> 4] * scale;
            }
        }
    }

    /// <summary>Half the value of an unsigned E4M3 float (half, because the levels are doubled); its NaN counts as zero.</summary>
    static float HalfScale(byte bits)
    {
        var (exponent, fraction) = (bits >> 3 & 15, bits & 7);
        if ((bits & 0x7F) == 0x7F)
            return 0;
        return exponent == 0
            ? fraction * (1f / 1024)
            : BitConverter.UInt32BitsToSingle((uint)(exponent - 8 + 127) << 23 | (uint)fraction << 20);
    }
}
