namespace Brickwork.Kernels.Rope;

/// <summary>Radians per position for each pair, with linear scaling and YaRN worked in.</summary>
static class RopeFrequencies
{
    public static double Of(int pair, RopeOptions options)
    {
        var own = options.Frequencies?[pair] ?? Math.Pow(options.Base, -2.0 * pair / options.Width);
        var extrapolated = own / (options.FrequencyFactors?[pair] ?? 1);
        var interpolated = extrapolated / options.ScalingFactor;
        if (options.Yarn is not { ExtrapolationFactor: not 0 } yarn)
            return interpolated;
        var keep = Keep(pair, options, yarn) * yarn.ExtrapolationFactor;
        return interpolated * (1 - keep) + extrapolated * keep;
    }

    public static double Magnitude(RopeOptions options)
    {
        if (options.Yarn is not { } yarn)
            return options.Magnitude;
        var stretched = yarn.ExtrapolationFactor == 0 ? 1 : 1 + 0.1 * Math.Log(options.ScalingFactor);
        return options.Magnitude * yarn.AttentionFactor * stretched;
    }

    /// <summary>1 where a pair keeps its frequency, 0 where it is interpolated, a ramp between.</summary>
    static double Keep(int pair, RopeOptions options, YarnOptions yarn)
    {
        var low = Math.Max(0, Math.Floor(PairThatTurns(yarn.BetaFast, options, yarn)));
        var high = Math.Min(options.Width - 1, Math.Ceiling(PairThatTurns(yarn.BetaSlow, options, yarn)));
        return 1 - Math.Clamp((pair - low) / Math.Max(0.001, high - low), 0, 1);
    }

    /// <summary>The pair, as a fraction, that turns so many times within the original context.</summary>
    static double PairThatTurns(double times, RopeOptions options, YarnOptions yarn) =>
        options.Width * Math.Log(yarn.OriginalContext / (times * 2 * Math.PI)) / (2 * Math.Log(options.Base));
}
