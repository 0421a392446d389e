using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q4_K
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> scales = stackalloc byte[8];
        Span<byte> minima = stackalloc byte[8];
        Span<byte> quants = stackalloc byte[256];
        var (d, m) = SuperBlock.Quantize(values, importance, highest: 15, highestCode: 63, scales, minima, quants);
        BinaryPrimitives.WriteUInt16LittleEndian(block, d);
        BinaryPrimitives.WriteUInt16LittleEndian(block[Minimum..], m);
        for (var group = 0; group < 8; group++)
            SixBitPairs.Write(block[Pairs..], group, scales[group], minima[group]);
        for (var i = 0; i < 128; i++)
        {
            var even = 64 * (i / 32) + i % 32;
            block[Quants + i] = (byte)(quants[even] | quants[even + 32] << 4);
        }
    }
}
