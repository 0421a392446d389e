using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

/// <summary>256 values as 32 points of eight levels -1, 0, 1, shifted by an eighth.</summary>
/// <remarks>Bytes: half scale 2, low bytes of the point numbers 32, then for each 32 values a word: four times three upper bits, a 3-bit
/// scale, sign of the shift.</remarks>
readonly partial struct IQ1_S : IBlockFormat
{
    /// <summary>How far the levels are moved, up or down.</summary>
    public const float Shift = 0.125f;

    const int Numbers = 2;
    const int Words = 34;

    public static DType Type => DType.IQ1_S;

    /// <summary>The codebook, which IQ1_M shares.</summary>
    public static ulong[] Points { get; } = Codebook.ExpandEight(Codes, [-1, 0, 1]);

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        for (var i = 0; i < 32; i++)
        {
            var word = BinaryPrimitives.ReadUInt16LittleEndian(block[(Words + 2 * (i / 4))..]);
            var scale = d * (2 * (word >> 12 & 7) + 1);
            var shift = (word & 0x8000) == 0 ? Shift : -Shift;
            var upper = word >> 3 * (i % 4) & 7;
            Codebook.ReadShifted(Points[block[Numbers + i] | upper << 8], shift, scale, values[(8 * i)..]);
        }
    }
}
