namespace Brickwork.Kernels.Blocks;

/// <summary>32 values: half scale, half minimum, 4-bit quants 0..15.</summary>
/// <remarks>Bytes: scale 2, minimum 2, quants 16 (value i in the low, value i+16 in the high half of byte i).</remarks>
readonly partial struct Q4_1 : IVectorFormat, ISearchedFormat
{
    const int Quants = 4;

    public static DType Type => DType.Q4_1;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        var minimum = HalfConversion.Read(block, 2);
        for (var i = 0; i < 16; i++)
        {
            values[i] = (block[Quants + i] & 15) * scale + minimum;
            values[i + 16] = (block[Quants + i] >> 4) * scale + minimum;
        }
    }
}
