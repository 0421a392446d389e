namespace Brickwork.Kernels.Blocks;

/// <summary>256 values in 8 groups of 32: d * scale * quant - m * minimum, 6-bit scales and minima, 5-bit quants.</summary>
/// <remarks>Bytes: d 2, m 2, scales and minima 12, fifth bits 32 (bit g of byte i for value i of group g), low bits 128 as in
/// Q4_K.</remarks>
readonly partial struct Q5_K : IVectorFormat, IWritableFormat
{
    const int Minimum = 2;
    const int Pairs = 4;
    const int FifthBits = 16;
    const int Quants = 48;

    public static DType Type => DType.Q5_K;

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
            {
                var fifth = block[FifthBits + i] >> group & 1;
                values[32 * group + i] = scale * (quants[i] >> 4 * (group % 2) & 15 | fifth << 4) - minimum;
            }
        }
    }
}
