using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

/// <summary>256 values as 32 points of eight levels -1, 0, 1, shifted by an eighth.</summary>
/// <remarks>Bytes: low bytes of the point numbers 32, then 16 with three upper bits and the sign of the shift for each point, scales 8:
/// four words of four 3-bit scales (one for each 16 values), whose top four bits together are the half scale.</remarks>
readonly struct IQ1_M : IBlockFormat
{
    const int UpperBits = 32;
    const int Scales = 48;

    public static DType Type => DType.IQ1_M;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var words = BinaryPrimitives.ReadUInt64LittleEndian(block[Scales..]);
        var half = words >> 12 & 0x000F | words >> 24 & 0x00F0 | words >> 36 & 0x0F00 | words >> 48 & 0xF000;
        var d = HalfConversion.ToSingle((ushort)half);
        for (var i = 0; i < 32; i++)
        {
            var group = i / 2; // of 16 values; four groups in a word
            var scale = d * (2 * (int)(words >> 16 * (group / 4) + 3 * (group % 4) & 7) + 1);
            var upper = block[UpperBits + i / 2] >> 4 * (i % 2);
            var shift = (upper & 8) == 0 ? IQ1_S.Shift : -IQ1_S.Shift;
            Codebook.ReadShifted(IQ1_S.Points[block[i] | (upper & 7) << 8], shift, scale, values[(8 * i)..]);
        }
    }
}
