namespace Brickwork.Kernels.Blocks;

readonly partial struct TQ2_0
{
    // For weights that are ternary already, up to a factor: importance would not change them.
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> quants = stackalloc byte[256];
        block.Clear();
        ToTernary(values, block[Scale..], quants);
        for (var i = 0; i < 256; i++)
            block[32 * (i / 128) + i % 32] |= (byte)(quants[i] << 2 * (i / 32 % 4));
    }

    /// <summary>Writes the largest magnitude as half scale and gives 0, 1, 2 for values nearest to minus it, zero and it.</summary>
    public static void ToTernary(ReadOnlySpan<float> values, Span<byte> scaleBytes, Span<byte> quants)
    {
        var scale = MathF.Abs(ScaleFit.Extreme(values));
        HalfConversion.Write(scaleBytes, 0, scale);
        Rounding.AwayFromZero(values, Rounding.InverseOrZero(scale), quants);
        for (var i = 0; i < quants.Length; i++)
            quants[i]++;
    }
}
