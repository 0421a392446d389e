namespace Brickwork.Kernels.Blocks;

/// <summary>256 values as 32 codebook points of eight levels, with a half scale for all and a 4-bit scale for each 16 values.</summary>
/// <remarks>Bytes: d 2, low bytes of the point numbers 32, signs 32, upper two bits of the numbers 8, scales 8 (low half first).</remarks>
readonly partial struct IQ2_S : IBlockFormat
{
    const int Numbers = 2;
    const int Signs = 34;
    const int UpperBits = 66;
    const int Scales = 74;
    static readonly ulong[] Points = Codebook.ExpandEight(Codes, [8, 25, 43]);

    public static DType Type => DType.IQ2_S;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        for (var i = 0; i < 32; i++)
        {
            var scale = d * (0.5f + (block[Scales + i / 4] >> 4 * (i / 2 % 2) & 15)) * 0.25f;
            var upper = block[UpperBits + i / 4] >> 2 * (i % 4) & 3;
            Codebook.Read(Points[block[Numbers + i] | upper << 8], block[Signs + i], scale, values[(8 * i)..]);
        }
    }
}
