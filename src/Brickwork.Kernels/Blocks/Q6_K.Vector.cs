using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q6_K
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, Scale);
        var nibble = Vector128.Create((byte)15);
        for (var half = 0; half < 2; half++)
            for (var i = 0; i < 32; i += 16)
            {
                var first = Vector128.Create(block[(64 * half + i)..]);
                var second = Vector128.Create(block[(64 * half + 32 + i)..]);
                var upper = Vector128.Create(block[(UpperBits + 32 * half + i)..]);
                var scales = block[(Scales + 8 * half + i / 16)..];
                var target = values[(128 * half + i)..];
                SixteenLanes.Scale(Join(first & nibble, upper << 4), d * (sbyte)scales[0], target);
                SixteenLanes.Scale(Join(second & nibble, upper << 2), d * (sbyte)scales[2], target[32..]);
                SixteenLanes.Scale(Join(first >>> 4, upper), d * (sbyte)scales[4], target[64..]);
                SixteenLanes.Scale(Join(second >>> 4, upper >>> 2), d * (sbyte)scales[6], target[96..]);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> Join(Vector128<byte> lowBits, Vector128<byte> upperBits) =>
        ((lowBits | upperBits & Vector128.Create((byte)0x30)) - Vector128.Create((byte)32)).AsSByte();
}
