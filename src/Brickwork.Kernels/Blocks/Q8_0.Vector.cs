using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q8_0
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        SixteenLanes.Scale(Vector128.Create(block[Quants..]).AsSByte(), scale, values);
        SixteenLanes.Scale(Vector128.Create(block[(Quants + 16)..]).AsSByte(), scale, values[16..]);
    }
}
