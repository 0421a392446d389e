using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q5_1
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        var lowering = -HalfConversion.Read(block, 2);
        var fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[FifthBits..]);
        var packed = Vector128.Create(block[Quants..]);
        var sixteen = Vector128.Create((byte)16);
        var low = packed & Vector128.Create((byte)15) | SixteenLanes.Spread(fifth) & sixteen;
        var high = packed >>> 4 | SixteenLanes.Spread(fifth >> 16) & sixteen;
        SixteenLanes.ScaleAndLower(low.AsSByte(), scale, lowering, values);
        SixteenLanes.ScaleAndLower(high.AsSByte(), scale, lowering, values[16..]);
    }
}
