using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

/// <summary>256 values as 32 codebook points of eight levels, with a half scale for all and a 4-bit scale for each 32 values.</summary>
/// <remarks>Bytes: d 2, then for each 32 values four point numbers (1 byte each) and a word: four times seven sign bits, scale on
/// top.</remarks>
readonly partial struct IQ2_XXS : IBlockFormat
{
    const int Groups = 2;
    static readonly ulong[] Points = Codebook.ExpandEight(Codes, [8, 25, 43]);

    public static DType Type => DType.IQ2_XXS;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        for (var group = 0; group < 8; group++)
        {
            var bytes = block.Slice(Groups + 8 * group, 8);
            var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            var scale = d * (0.5f + (word >> 28)) * 0.25f;
            for (var i = 0; i < 4; i++)
                Codebook.Read(Points[bytes[i]], Codebook.EvenSigns(word >> 7 * i & 127), scale, values[(32 * group + 8 * i)..]);
        }
    }
}
