using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

/// <summary>32 values: half scale, 5-bit quants 0..31 that stand for -16..15.</summary>
/// <remarks>Bytes: scale 2, fifth bits 4 (bit i for value i), low bits 16 (value i low, value i+16 high half of byte i).</remarks>
readonly partial struct Q5_0 : IVectorFormat, ISearchedFormat
{
    const int FifthBits = 2;
    const int Quants = 6;

    public static DType Type => DType.Q5_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        var fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[FifthBits..]);
        for (var i = 0; i < 16; i++)
        {
            values[i] = ((int)(block[Quants + i] & 15u | (fifth >> i & 1) << 4) - 16) * scale;
            values[i + 16] = ((int)((uint)block[Quants + i] >> 4 | (fifth >> i + 16 & 1) << 4) - 16) * scale;
        }
    }
}
