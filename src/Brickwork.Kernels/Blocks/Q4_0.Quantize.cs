namespace Brickwork.Kernels.Blocks;

readonly partial struct Q4_0
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> quants = stackalloc byte[32];
        if (importance.IsEmpty)
        {
            var scale = ScaleFit.Extreme(values) / -8;
            HalfConversion.Write(block, 0, scale);
            Rounding.Truncated(values, 0, Rounding.InverseOrZero(scale), 8.5f, 15, quants);
        }
        else
        {
            var (fitted, _) = ScaleFit.Run(values, GroupWeights.Of(importance, 0, 32), -8, 7);
            Rounding.Nearest(values, HalfConversion.Write(block, 0, fitted), 0, zero: 8, highest: 15, quants);
        }
        Rounding.StoreHalfBytes(quants, block[Quants..]);
    }
}
