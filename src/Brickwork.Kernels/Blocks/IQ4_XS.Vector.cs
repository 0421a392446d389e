using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct IQ4_XS
{
    public static void DequantizeVector(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, 0);
        var levels = Vector128.Create(IQ4_NL.Levels);
        for (var group = 0; group < 8; group++)
            IQ4_NL.ReadLevelsVector(block[(Quants + 16 * group)..], levels, d * GroupScale(block, group), values[(32 * group)..]);
    }
}
