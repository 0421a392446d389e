using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q5_K
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> scales = stackalloc byte[8];
        Span<byte> minima = stackalloc byte[8];
        Span<byte> quants = stackalloc byte[256];
        var (d, m) = SuperBlock.Quantize(values, importance, highest: 31, highestCode: 63, scales, minima, quants);
        block.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(block, d);
        BinaryPrimitives.WriteUInt16LittleEndian(block[Minimum..], m);
        for (var group = 0; group < 8; group++)
        {
            SixBitPairs.Write(block[Pairs..], group, scales[group], minima[group]);
            for (var i = 0; i < 32; i++)
            {
                var quant = quants[32 * group + i];
                block[Quants + 32 * (group / 2) + i] |= (byte)((quant & 15) << 4 * (group % 2));
                block[FifthBits + i] |= (byte)(quant >> 4 << group);
            }
        }
    }
}
