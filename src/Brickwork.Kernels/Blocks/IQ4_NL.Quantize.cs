namespace Brickwork.Kernels.Blocks;

readonly partial struct IQ4_NL
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> numbers = stackalloc byte[32];
        var scale = HalfConversion.Write(block, 0, LevelFit.Run(values, GroupWeights.Of(importance, 0, 32)).Scale);
        LevelFit.Round(values, scale, numbers);
        Rounding.StoreHalfBytes(numbers, block[Quants..]);
    }
}
