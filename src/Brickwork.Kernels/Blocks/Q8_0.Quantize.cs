namespace Brickwork.Kernels.Blocks;

readonly partial struct Q8_0
{
    // 127 levels are fine enough: importance would change next to nothing.
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        var scale = MathF.Abs(ScaleFit.Extreme(values)) / 127;
        HalfConversion.Write(block, 0, scale);
        Rounding.AwayFromZero(values, Rounding.InverseOrZero(scale), block[Quants..]);
    }
}
