using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q6_K
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> quants = stackalloc byte[256];
        block.Clear();
        var scales = MemoryMarshal.Cast<byte, sbyte>(block.Slice(Scales, 16));
        var d = SuperBlock.Quantize(values, importance, levels: 32, codeLevels: 128, scales, quants);
        BinaryPrimitives.WriteUInt16LittleEndian(block[Scale..], d);
        for (var index = 0; index < 256; index++)
        {
            var (half, quarter, i) = (index / 128, index / 32 % 4, index % 32);
            block[64 * half + 32 * (quarter % 2) + i] |= (byte)((quants[index] & 15) << 4 * (quarter / 2));
            block[UpperBits + 32 * half + i] |= (byte)(quants[index] >> 4 << 2 * quarter);
        }
    }
}
