namespace Brickwork.Kernels.Blocks;

/// <summary>256 values in 16 groups of 16: value = d * (scale - 32) * (quant - 4), with 6-bit scales and 3-bit quants.</summary>
/// <remarks>Bytes: third bits 32 (bit g of byte i for value 32g+i), low bits 64 as in Q2_K, scales 12, d 2.
/// Scale of group g: low four bits in half-byte g/8 of byte g%8, upper two in bits 2(g/4) of byte 8+g%4.</remarks>
readonly partial struct Q3_K : IVectorFormat, IWritableFormat
{
    const int Quants = 32;
    const int Scales = 96;
    const int Scale = 108;

    public static DType Type => DType.Q3_K;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, Scale);
        for (var group = 0; group < 16; group++)
        {
            var scale = d * GroupScale(block, group);
            var (quants, shift) = Place(group);
            for (var i = 0; i < 16; i++)
            {
                var third = block[16 * (group % 2) + i] >> group / 2 & 1;
                values[16 * group + i] = scale * ((block[quants + i] >> shift & 3 | third << 2) - 4);
            }
        }
    }

    /// <summary>The scale of a group, -32..31.</summary>
    static int GroupScale(ReadOnlySpan<byte> block, int group)
    {
        var low = block[Scales + group % 8] >> 4 * (group / 8) & 15;
        var high = block[Scales + 8 + group % 4] >> 2 * (group / 4) & 3;
        return (low | high << 4) - 32;
    }

    /// <summary>Where the low quant bits of a group of 16 lie: first byte and bit.</summary>
    static (int Byte, int Shift) Place(int group) => (Quants + 32 * (group / 8) + 16 * (group % 2), 2 * (group % 8 / 2));
}
