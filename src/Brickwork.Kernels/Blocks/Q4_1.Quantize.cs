using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

readonly partial struct Q4_1
{
    // With importance whole rows are searched instead.
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> quants = stackalloc byte[32];
        var (low, high) = AffineFit.Range(values);
        var scale = (high - low) / 15;
        Rounding.Truncated(values, low, Rounding.InverseOrZero(scale), 0.5f, 15, quants);
        Store(scale, low, quants, block);
    }

    public static (Vector256<float> Scales, Vector256<float> Minima) Search(
        ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, Span<byte> quants) =>
        RangeSearch.Run(values, weights, highest: 15, quants);

    public static void Store(float scale, float minimum, ReadOnlySpan<byte> quants, Span<byte> block)
    {
        HalfConversion.Write(block, 0, scale);
        HalfConversion.Write(block, 2, minimum);
        Rounding.StoreHalfBytes(quants, block[Quants..]);
    }
}
