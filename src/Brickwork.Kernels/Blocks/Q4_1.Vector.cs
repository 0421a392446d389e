using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q4_1
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        var lowering = -HalfConversion.Read(block, 2);
        var packed = Vector128.Create(block[Quants..]);
        SixteenLanes.ScaleAndLower((packed & Vector128.Create((byte)15)).AsSByte(), scale, lowering, values);
        SixteenLanes.ScaleAndLower((packed >>> 4).AsSByte(), scale, lowering, values[16..]);
    }
}
