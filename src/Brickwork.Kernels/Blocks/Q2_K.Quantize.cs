using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q2_K
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> scales = stackalloc byte[16];
        Span<byte> minima = stackalloc byte[16];
        Span<byte> quants = stackalloc byte[256];
        var (d, m) = SuperBlock.Quantize(values, importance, highest: 3, highestCode: 15, scales, minima, quants);
        block.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(block[Scale..], d);
        BinaryPrimitives.WriteUInt16LittleEndian(block[Minimum..], m);
        for (var group = 0; group < 16; group++)
        {
            block[group] = (byte)(scales[group] | minima[group] << 4);
            var (start, shift) = Place(group);
            for (var i = 0; i < 16; i++)
                block[start + i] |= (byte)(quants[16 * group + i] << shift);
        }
    }
}
