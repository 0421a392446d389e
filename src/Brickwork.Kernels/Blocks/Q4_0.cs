namespace Brickwork.Kernels.Blocks;

/// <summary>32 values: half scale, 4-bit quants 0..15 that stand for -8..7.</summary>
/// <remarks>Bytes: scale 2, quants 16 (value i in the low, value i+16 in the high half of byte i).</remarks>
readonly partial struct Q4_0 : IVectorFormat, ISearchedFormat
{
    const int Quants = 2;

    public static DType Type => DType.Q4_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        for (var i = 0; i < 16; i++)
        {
            values[i] = ((block[Quants + i] & 15) - 8) * scale;
            values[i + 16] = ((block[Quants + i] >> 4) - 8) * scale;
        }
    }
}
