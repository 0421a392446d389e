using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct TQ2_0
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, Scale);
        for (var i = 0; i < 256; i += 16)
        {
            var two = Vector128.Create(block[(32 * (i / 128) + i % 32)..]) >>> 2 * (i / 32 % 4) & Vector128.Create((byte)3);
            SixteenLanes.Scale((two - Vector128.Create((byte)1)).AsSByte(), d, values[i..]);
        }
    }
}
