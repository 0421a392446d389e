using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q5_K
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
                var fifth = Vector128.Create(block[(FifthBits + i)..]);
                var target = values[(32 * group + i)..];
                SixteenLanes.ScaleAndLower(Join(packed & nibble, fifth, group), d * even.Scale, m * even.Minimum, target);
                SixteenLanes.ScaleAndLower(Join(packed >>> 4, fifth, group + 1), d * odd.Scale, m * odd.Minimum, target[32..]);
            }
        }
    }

    static Vector128<sbyte> Join(Vector128<byte> lowBits, Vector128<byte> fifthBits, int group)
    {
        var own = Vector128.Create((byte)(1 << group));
        var set = Vector128.Equals(fifthBits & own, own) & Vector128.Create((byte)16);
        return (lowBits | set).AsSByte();
    }
}
