namespace Brickwork.Kernels.Blocks;

/// <summary>256 values as 64 codebook points of four levels, with a half scale for all and a 4-bit scale for each 32 values.</summary>
/// <remarks>Bytes: d 2, low bytes of the point numbers 64, their ninth bits 8, signs 32, scales 4 (low half first).</remarks>
readonly partial struct IQ3_S : IBlockFormat
{
    const int Numbers = 2;
    const int NinthBits = 66;
    const int Signs = 74;
    const int Scales = 106;
    static readonly ulong[] Points = Codebook.ExpandFour(Codes, [1, 3, 5, 7, 9, 11, 13, 15]);

    public static DType Type => DType.IQ3_S;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        for (var i = 0; i < 32; i++)
        {
            var scale = d * (1 + 2 * (block[Scales + i / 8] >> 4 * (i / 4 % 2) & 15));
            var point = Point(block, 2 * i) | Point(block, 2 * i + 1) << 32;
            Codebook.Read(point, block[Signs + i], scale, values[(8 * i)..]);
        }
    }

    static ulong Point(ReadOnlySpan<byte> block, int index)
    {
        var ninth = block[NinthBits + index / 8] >> index % 8 & 1;
        return Points[block[Numbers + index] | ninth << 8];
    }
}
