using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q5_0
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        var fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[FifthBits..]);
        var packed = Vector128.Create(block[Quants..]);
        SixteenLanes.Scale(Lower(packed & Vector128.Create((byte)15), (ushort)fifth), scale, values);
        SixteenLanes.Scale(Lower(packed >>> 4, (ushort)(fifth >> 16)), scale, values[16..]);
    }

    /// <summary>Takes 16 from every lane whose fifth bit is clear.</summary>
    static Vector128<sbyte> Lower(Vector128<byte> lowBits, ushort fifth)
    {
        // Bytes 0..7 get the low byte of the bits, bytes 8..15 the high one; each lane then looks at its own bit.
        var spread = Vector128.Create(Vector64.Create((byte)fifth), Vector64.Create((byte)(fifth >> 8)));
        var own = Vector128.Create(0x8040_2010_0804_0201ul).AsByte();
        var clear = Vector128.Equals(spread & own, Vector128<byte>.Zero);
        return (lowBits - (clear & Vector128.Create((byte)16))).AsSByte();
    }
}
