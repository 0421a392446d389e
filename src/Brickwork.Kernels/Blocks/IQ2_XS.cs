using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

/// <summary>256 values as 32 codebook points of eight levels, with a half scale for all and a 4-bit scale for each 16 values.</summary>
/// <remarks>Bytes: d 2, points 64 (two bytes each: nine bits of number, seven sign bits), scales 8 (low half first).</remarks>
readonly partial struct IQ2_XS : IBlockFormat
{
    const int Numbers = 2;
    const int Scales = 66;
    static readonly ulong[] Points = Codebook.ExpandEight(Codes, [8, 25, 43]);

    public static DType Type => DType.IQ2_XS;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        for (var i = 0; i < 32; i++)
        {
            var scale = d * (0.5f + (block[Scales + i / 4] >> 4 * (i / 2 % 2) & 15)) * 0.25f;
            var word = BinaryPrimitives.ReadUInt16LittleEndian(block[(Numbers + 2 * i)..]);
            Codebook.Read(Points[word & 511], Codebook.EvenSigns((uint)word >> 9), scale, values[(8 * i)..]);
        }
    }
}
