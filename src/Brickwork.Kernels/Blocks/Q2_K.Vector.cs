using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q2_K
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, Scale);
        var m = HalfConversion.Read(block, Minimum);
        for (var group = 0; group < 16; group++)
        {
            var (quants, shift) = Place(group);
            var two = Vector128.Create(block[quants..]) >>> shift & Vector128.Create((byte)3);
            SixteenLanes.ScaleAndLower(two.AsSByte(), d * (block[group] & 15), m * (block[group] >> 4), values[(16 * group)..]);
        }
    }
}
