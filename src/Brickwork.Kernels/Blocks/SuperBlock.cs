namespace Brickwork.Kernels.Blocks;

/// <summary>Writes blocks of two-level scales: a half for the block times a small whole number, its code, for each group.</summary>
/// <remarks>The groups are fitted each by itself; the block's half is fitted to their scales; then each group takes the codes around
/// its own scale that leave the smallest error.</remarks>
static partial class SuperBlock
{
    /// <summary>Quantizes as d * code * quant: Q3_K and Q6_K.</summary>
    /// <param name="values">The values of the block.</param>
    /// <param name="importance">Empty, or one weight for each value.</param>
    /// <param name="levels">Quants are stored from 0 to 2 * levels - 1 and stand for -levels to levels - 1.</param>
    /// <param name="codeLevels">Codes are from -codeLevels to codeLevels - 1.</param>
    /// <param name="codes">Out: the code of each group; how many there are.</param>
    /// <param name="quants">Out: as many as values.</param>
    /// <returns>d, as its half bits.</returns>
    public static ushort Quantize(
        ReadOnlySpan<float> values, ReadOnlySpan<float> importance, int levels, int codeLevels, Span<sbyte> codes, Span<byte> quants)
    {
        var length = values.Length / codes.Length;
        Span<float> fitted = stackalloc float[codes.Length];
        Span<float> groupWeights = stackalloc float[codes.Length];
        for (var group = 0; group < codes.Length; group++)
        {
            var weights = GroupWeights.Of(importance, group * length, length);
            (fitted[group], groupWeights[group]) = ScaleFit.Run(values.Slice(group * length, length), weights, -levels, levels - 1);
        }
        var half = HalfConversion.ToHalf(ScaleFit.Run(fitted, groupWeights, -codeLevels, codeLevels - 1).Scale);
        var d = HalfConversion.ToSingle(half);
        for (var group = 0; group < codes.Length; group++)
        {
            var own = values.Slice(group * length, length);
            var weights = GroupWeights.Of(importance, group * length, length);
            codes[group] = (sbyte)BestCode(own, weights, levels, d, NearestCode(fitted[group], d, -codeLevels, codeLevels - 1), codeLevels);
            Rounding.Nearest(own, d * codes[group], 0, levels, 2 * levels - 1, quants[(group * length)..]);
        }
        return half;
    }

    /// <summary>The whole number of steps nearest to a scale; 0 where the step is 0, because a half could not hold it.</summary>
    public static int NearestCode(float scale, float step, int lowest, int highest) =>
        step == 0 ? 0 : Rounding.Clamp(scale / step, lowest, highest);

    static int BestCode(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int levels, float d, int nearest, int codeLevels)
    {
        var (best, smallest) = (nearest, float.PositiveInfinity);
        for (var code = Math.Max(nearest - 1, -codeLevels); code <= Math.Min(nearest + 1, codeLevels - 1); code++)
        {
            var error = GroupError.Of(values, weights, d * code, 0, -levels, levels - 1);
            if (error < smallest)
                (best, smallest) = (code, error);
        }
        return best;
    }
}
