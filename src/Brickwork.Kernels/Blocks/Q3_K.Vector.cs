using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q3_K
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, Scale);
        for (var group = 0; group < 16; group++)
        {
            var (quants, shift) = Place(group);
            var low = Vector128.Create(block[quants..]) >>> shift & Vector128.Create((byte)3);
            var third = Vector128.Create(block[(16 * (group % 2))..]) >>> group / 2 & Vector128.Create((byte)1);
            var quant = (low | third << 2) - Vector128.Create((byte)4);
            SixteenLanes.Scale(quant.AsSByte(), d * GroupScale(block, group), values[(16 * group)..]);
        }
    }
}
