using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

/// <summary>32 values: half scale, half minimum, 5-bit quants 0..31.</summary>
/// <remarks>Bytes: scale 2, minimum 2, fifth bits 4 (bit i for value i), low bits 16 (as in Q5_0).</remarks>
readonly partial struct Q5_1 : IVectorFormat, ISearchedFormat
{
    const int FifthBits = 4;
    const int Quants = 8;

    public static DType Type => DType.Q5_1;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        var minimum = HalfConversion.Read(block, 2);
        var fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[FifthBits..]);
        for (var i = 0; i < 16; i++)
        {
            values[i] = (block[Quants + i] & 15u | (fifth >> i & 1) << 4) * scale + minimum;
            values[i + 16] = ((uint)block[Quants + i] >> 4 | (fifth >> i + 16 & 1) << 4) * scale + minimum;
        }
    }
}
