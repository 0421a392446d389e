using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q4_0
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        var packed = Vector128.Create(block[Quants..]);
        var centre = Vector128.Create((byte)8);
        SixteenLanes.Scale(((packed & Vector128.Create((byte)15)) - centre).AsSByte(), scale, values);
        SixteenLanes.Scale(((packed >>> 4) - centre).AsSByte(), scale, values[16..]);
    }
}
