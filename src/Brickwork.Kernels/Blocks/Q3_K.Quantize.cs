using System.Buffers.Binary;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q3_K
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<sbyte> scales = stackalloc sbyte[16];
        Span<byte> quants = stackalloc byte[256];
        var d = SuperBlock.Quantize(values, importance, levels: 4, codeLevels: 32, scales, quants);
        block.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(block[Scale..], d);
        for (var group = 0; group < 16; group++)
        {
            SetGroupScale(block, group, scales[group] + 32);
            var (start, shift) = Place(group);
            for (var i = 0; i < 16; i++)
            {
                var quant = quants[16 * group + i];
                block[start + i] |= (byte)((quant & 3) << shift);
                block[16 * (group % 2) + i] |= (byte)(quant >> 2 << group / 2);
            }
        }
    }

    static void SetGroupScale(Span<byte> block, int group, int sixBits)
    {
        block[Scales + group % 8] |= (byte)((sixBits & 15) << 4 * (group / 8));
        block[Scales + 8 + group % 4] |= (byte)(sixBits >> 4 << 2 * (group / 4));
    }
}
