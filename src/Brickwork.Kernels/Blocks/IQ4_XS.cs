using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

/// <summary>256 values in 8 groups of 32: value = d * (scale - 32) * level, with 6-bit scales and the levels of IQ4_NL.</summary>
/// <remarks>Bytes: d 2, upper two scale bits 2 (bits 2g for group g), low four scale bits 4, level numbers 128 (16 a group).</remarks>
readonly partial struct IQ4_XS : IVectorFormat, IWritableFormat
{
    const int UpperScales = 2;
    const int LowScales = 4;
    const int Quants = 8;

    public static DType Type => DType.IQ4_XS;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        for (var group = 0; group < 8; group++)
            IQ4_NL.ReadLevels(block.Slice(Quants + 16 * group, 16), d * GroupScale(block, group), values.Slice(32 * group, 32));
    }

    /// <summary>The scale of a group, -32..31.</summary>
    static int GroupScale(ReadOnlySpan<byte> block, int group)
    {
        var low = block[LowScales + group / 2] >> 4 * (group % 2) & 15;
        var upper = BinaryPrimitives.ReadUInt16LittleEndian(block[UpperScales..]) >> 2 * group & 3;
        return (low | upper << 4) - 32;
    }
}
