using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q4_0
{
    // With importance whole rows are searched instead.
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> quants = stackalloc byte[32];
        var scale = ScaleFit.Extreme(values) / -8;
        Rounding.Truncated(values, 0, Rounding.InverseOrZero(scale), 8.5f, 15, quants);
        Store(scale, 0, quants, block);
    }

    public static (Vector256<float> Scales, Vector256<float> Minima) Search(
        ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, Span<byte> quants) =>
        (ScaleSearch.Run(values, weights, levels: 8, quants), Vector256<float>.Zero);

    public static void Store(float scale, float minimum, ReadOnlySpan<byte> quants, Span<byte> block)
    {
        HalfConversion.Write(block, 0, scale);
        Rounding.StoreHalfBytes(quants, block[Quants..]);
    }
}
