using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q4_K
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        var m = HalfConversion.Read(block, Minimum);
        var nibble = Vector128.Create((byte)15);
        for (var group = 0; group < 8; group += 2)
        {
            var even = SixBitPairs.Read(block[Pairs..], group);
            var odd = SixBitPairs.Read(block[Pairs..], group + 1);
            for (var i = 0; i < 32; i += 16)
            {
                var packed = Vector128.Create(block[(Quants + 16 * group + i)..]);
                var target = values[(32 * group + i)..];
                SixteenLanes.ScaleAndLower((packed & nibble).AsSByte(), d * even.Scale, m * even.Minimum, target);
                SixteenLanes.ScaleAndLower((packed >>> 4).AsSByte(), d * odd.Scale, m * odd.Minimum, target[32..]);
            }
        }
    }
}
