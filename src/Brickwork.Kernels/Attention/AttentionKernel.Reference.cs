namespace Brickwork.Kernels.Attention;

static partial class AttentionKernel
{
    /// <summary>One row over all its keys at once, in double precision: the specification.</summary>
    /// <param name="options">The form of the attention.</param>
    /// <param name="query">[Kw].</param>
    /// <param name="row">Its head, position and range.</param>
    /// <param name="keys">[N, Kw], position by position.</param>
    /// <param name="values">[N, Vw].</param>
    /// <param name="output">[Vw].</param>
    public static void RunReference(
        AttentionOptions options, ReadOnlySpan<float> query, AttentionRow row, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
        Span<float> output)
    {
        var weights = new double[Math.Max(0, row.End - row.Start)];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Score(options, query, row, row.Start + i, keys.Slice((row.Start + i) * query.Length, query.Length));
        double? sink = options.Sinks is { } sinks ? sinks[row.Head] : null;
        var largest = weights.Append(sink ?? double.NegativeInfinity).Max();
        var total = sink is { } logit ? Math.Exp(logit - largest) : 0;
        for (var i = 0; i < weights.Length; i++)
            total += weights[i] = Math.Exp(weights[i] - largest);
        for (var column = 0; column < output.Length; column++)
        {
            var sum = 0.0;
            for (var i = 0; i < weights.Length; i++)
                sum += weights[i] * values[(row.Start + i) * output.Length + column];
            output[column] = total == 0 ? 0 : (float)(sum / total);
        }
    }

    static double Score(AttentionOptions options, ReadOnlySpan<float> query, AttentionRow row, int position, ReadOnlySpan<float> key)
    {
        var product = 0.0;
        for (var i = 0; i < query.Length; i++)
            product += (double)query[i] * key[i];
        var score = product * options.Scale;
        if (options.SoftCap != 0)
            score = options.SoftCap * Math.Tanh(score / options.SoftCap);
        if (options.AlibiSlopes is { } slopes)
            score -= slopes[row.Head] * Math.Abs(row.Position - position);
        return score;
    }
}
