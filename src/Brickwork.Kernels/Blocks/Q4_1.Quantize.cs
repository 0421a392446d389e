namespace Brickwork.Kernels.Blocks;

readonly partial struct Q4_1
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> quants = stackalloc byte[32];
        if (importance.IsEmpty)
        {
            var (low, high) = AffineFit.Range(values);
            var scale = (high - low) / 15;
            HalfConversion.Write(block, 0, scale);
            HalfConversion.Write(block, 2, low);
            Rounding.Truncated(values, low, Rounding.InverseOrZero(scale), 0.5f, 15, quants);
        }
        else
        {
            var (scale, minimum, _) = AffineFit.Run(values, GroupWeights.Of(importance, 0, 32), highest: 15, float.PositiveInfinity);
            scale = HalfConversion.Write(block, 0, scale);
            Rounding.Nearest(values, scale, -HalfConversion.Write(block, 2, minimum), zero: 0, highest: 15, quants);
        }
        Rounding.StoreHalfBytes(quants, block[Quants..]);
    }
}
