using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

/// <summary>256 values as 64 codebook points of four levels, with a half scale for all and a 4-bit scale for each 32 values.</summary>
/// <remarks>Bytes: d 2, point numbers 64, then for each 32 values a word: four times seven sign bits, scale on top.</remarks>
readonly partial struct IQ3_XXS : IBlockFormat
{
    const int Numbers = 2;
    const int Words = 66;
    static readonly ulong[] Points = Codebook.ExpandFour(Codes, [4, 12, 20, 28, 36, 44, 52, 62]);

    public static DType Type => DType.IQ3_XXS;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        for (var i = 0; i < 32; i++)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(block[(Words + 4 * (i / 4))..]);
            var scale = d * (0.5f + (word >> 28)) * 0.5f;
            var numbers = block.Slice(Numbers + 2 * i, 2);
            var point = Points[numbers[0]] | Points[numbers[1]] << 32;
            Codebook.Read(point, Codebook.EvenSigns(word >> 7 * (i % 4) & 127), scale, values[(8 * i)..]);
        }
    }
}
