namespace Brickwork.Kernels.Blocks;

static partial class SuperBlock
{
    /// <summary>Quantizes as d * scale * quant - m * minimum: Q2_K, Q4_K and Q5_K.</summary>
    /// <param name="values">The values of the block.</param>
    /// <param name="importance">Empty, or one weight for each value.</param>
    /// <param name="highest">Quants are from 0 to this.</param>
    /// <param name="highestCode">Scales and minima are from 0 to this.</param>
    /// <param name="scales">Out: the scale code of each group; how many there are.</param>
    /// <param name="minima">Out: the minimum code of each group.</param>
    /// <param name="quants">Out: as many as values.</param>
    /// <returns>d and m, as their half bits.</returns>
    public static (ushort D, ushort M) Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance,
        int highest, int highestCode, Span<byte> scales, Span<byte> minima, Span<byte> quants)
    {
        var length = values.Length / scales.Length;
        Span<float> fittedScales = stackalloc float[scales.Length];
        Span<float> fittedMinima = stackalloc float[scales.Length];
        var (dBits, mBits) = FitHalves(values, importance, highest, highestCode, fittedScales, fittedMinima);
        var (d, m) = (HalfConversion.ToSingle(dBits), HalfConversion.ToSingle(mBits));
        for (var group = 0; group < scales.Length; group++)
        {
            var own = values.Slice(group * length, length);
            var weights = GroupWeights.Of(importance, group * length, length);
            var scale = NearestCode(fittedScales[group], d, 0, highestCode);
            var minimum = NearestCode(fittedMinima[group], m, 0, highestCode);
            (scale, minimum) = BestCodes(own, weights, highest, (d, m), (scale, minimum), highestCode);
            (scales[group], minima[group]) = ((byte)scale, (byte)minimum);
            Rounding.Nearest(own, d * scale, m * minimum, 0, highest, quants[(group * length)..]);
        }
        return (dBits, mBits);
    }

    static (ushort D, ushort M) FitHalves(ReadOnlySpan<float> values, ReadOnlySpan<float> importance,
        int highest, int highestCode, Span<float> scales, Span<float> minima)
    {
        var length = values.Length / scales.Length;
        Span<float> scaleWeights = stackalloc float[scales.Length];
        Span<float> minimumWeights = stackalloc float[scales.Length];
        for (var group = 0; group < scales.Length; group++)
        {
            var weights = GroupWeights.Of(importance, group * length, length);
            (scales[group], var minimum, scaleWeights[group]) = AffineFit.Run(values.Slice(group * length, length), weights, highest, 0);
            minima[group] = -minimum;
            foreach (var weight in weights)
                minimumWeights[group] += weight;
        }
        return (HalfConversion.ToHalf(ScaleFit.Run(scales, scaleWeights, 0, highestCode).Scale),
            HalfConversion.ToHalf(ScaleFit.Run(minima, minimumWeights, 0, highestCode).Scale));
    }

    static (int Scale, int Minimum) BestCodes(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int highest,
        (float D, float M) steps, (int Scale, int Minimum) nearest, int highestCode)
    {
        var (best, smallest) = (nearest, float.PositiveInfinity);
        for (var scale = Math.Max(nearest.Scale - 1, 0); scale <= Math.Min(nearest.Scale + 1, highestCode); scale++)
            for (var minimum = Math.Max(nearest.Minimum - 1, 0); minimum <= Math.Min(nearest.Minimum + 1, highestCode); minimum++)
            {
                var error = GroupError.Of(values, weights, steps.D * scale, steps.M * minimum, 0, highest);
                if (error < smallest)
                    (best, smallest) = ((scale, minimum), error);
            }
        return best;
    }
}
