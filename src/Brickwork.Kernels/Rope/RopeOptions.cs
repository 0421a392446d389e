namespace Brickwork.Kernels.Rope;

/// <summary>What fixes the angles of a rotary embedding: angle = position · frequency of the pair.</summary>
sealed record RopeOptions
{
    public RopeStyle Style { get; init; } = RopeStyle.HalfSplit;

    /// <summary>How many values of a head turn, n; even. The rest of a wider head stays.</summary>
    public required int Width { get; init; }

    /// <summary>The frequency of pair i is base^(−2i/n).</summary>
    public double Base { get; init; } = 10000;

    /// <summary>Linear interpolation: positions count as 1/factor. Also YaRN's factor.</summary>
    public double ScalingFactor { get; init; } = 1;

    /// <summary>YaRN, or null for none.</summary>
    public YarnOptions? Yarn { get; init; }

    /// <summary>[n/2] divisors of the frequencies (Llama 3, long-rope), or null.</summary>
    public IReadOnlyList<float>? FrequencyFactors { get; init; }

    /// <summary>[n/2] frequencies that stand in for the powers of <see cref="Base"/>, or null.</summary>
    public IReadOnlyList<double>? Frequencies { get; init; }

    /// <summary>What cosines and sines are multiplied with.</summary>
    public double Magnitude { get; init; } = 1;

    /// <summary>The base that stretches the longest wave by <paramref name="factor"/> and leaves the shortest ("NTK-aware").</summary>
    public static double StretchedBase(double @base, double factor, int width) => @base * Math.Pow(factor, width / (width - 2.0));

    /// <summary>Llama 3's divisors: 1 for short waves, <paramref name="factor"/> for long ones, a smooth passage between.</summary>
    public static float[] Llama3Factors(
        int width, double @base, double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
    {
        var factors = new float[width / 2];
        for (var pair = 0; pair < factors.Length; pair++)
        {
            var waves = originalContext * Math.Pow(@base, -2.0 * pair / width) / (2 * Math.PI);
            var smooth = Math.Clamp((waves - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor), 0, 1);
            factors[pair] = (float)(1 / ((1 - smooth) / factor + smooth));
        }
        return factors;
    }

    /// <summary>Long-rope's magnitude: √(1 + ln(context / original) / ln original), or 1 where nothing is stretched.</summary>
    public static double LongRopeMagnitude(double context, double originalContext) =>
        context <= originalContext ? 1 : Math.Sqrt(1 + Math.Log(context / originalContext) / Math.Log(originalContext));
}

/// <summary>YaRN (Peng et al. 2023): short waves keep their frequency, long ones are interpolated.</summary>
sealed record YarnOptions
{
    /// <summary>The context length the model was first trained with.</summary>
    public required int OriginalContext { get; init; }

    /// <summary>How much of the mix is applied, 0 … 1. With 0 only the interpolation is left, and no magnitude.</summary>
    public double ExtrapolationFactor { get; init; } = 1;

    /// <summary>Pairs that turn more often than this within the original context keep their frequency.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>Pairs that turn less often than this are interpolated.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>Multiplies the magnitude 1 + 0.1 · ln(scaling factor).</summary>
    public double AttentionFactor { get; init; } = 1;
}
