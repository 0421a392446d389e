using System.Buffers.Binary;
using System.Runtime.CompilerServices;
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> Lower(Vector128<byte> lowBits, ushort fifth)
    {
        return (lowBits - Vector128.AndNot(Vector128.Create((byte)16), SixteenLanes.Spread(fifth))).AsSByte();
    }
}
