using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct MXFP4
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values) =>
        IQ4_NL.ReadLevelsVector(block[Quants..], Vector128.Create(Levels), HalfPower(block[0]), values);
}
