namespace Brickwork.Kernels.Blocks;

/// <summary>256 values in 8 groups of 32: value = d * scale * quant - m * minimum, with 6-bit scales and minima, 4-bit quants.</summary>
/// <remarks>Bytes: d 2, m 2, scales and minima 12, quants 128 (32 bytes for two groups: the even one in the low halves).</remarks>
readonly partial struct Q4_K : IVectorFormat, IWritableFormat
{
    const int Minimum = 2;
    const int Pairs = 4;
    const int Quants = 16;

    public static DType Type => DType.Q4_K;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        var m = HalfConversion.Read(block, Minimum);
        for (var group = 0; group < 8; group++)
        {
            var pair = SixBitPairs.Read(block[Pairs..], group);
            var (scale, minimum) = (d * pair.Scale, m * pair.Minimum);
            var quants = block.Slice(Quants + 32 * (group / 2), 32);
            for (var i = 0; i < 32; i++)
                values[32 * group + i] = scale * (quants[i] >> 4 * (group % 2) & 15) - minimum;
        }
    }
}
