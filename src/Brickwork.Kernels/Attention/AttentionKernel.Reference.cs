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
    /// <param name="far">The row as it looks at further positions, far from its own; none where it ends at 0.</param>
    /// <param name="farQuery">[Kw] what it looks at them with.</param>
    public static void RunReference(
        AttentionOptions options, ReadOnlySpan<float> query, AttentionRow row, ReadOnlySpan<float> keys, ReadOnlySpan<float> values,
        Span<float> output, AttentionRow far = default, ReadOnlySpan<float> farQuery = default)
    {
        var weights = new double[far.End + Math.Max(0, row.End - row.Start)];
        for (var i = 0; i < weights.Length; i++)
        {
            var position = PositionOf(i, row, far);
            var key = keys.Slice(position * query.Length, query.Length);
            weights[i] = i < far.End ? Score(options, farQuery, far, position, key) : Score(options, query, row, position, key);
        }
        double? sink = options.Sinks is { } sinks ? sinks[row.Head] : null;
        var largest = weights.Append(sink ?? double.NegativeInfinity).Max();
        var total = sink is { } logit ? Math.Exp(logit - largest) : 0;
        for (var i = 0; i < weights.Length; i++)
            total += weights[i] = Math.Exp(weights[i] - largest);
        for (var column = 0; column < output.Length; column++)
        {
            var sum = 0.0;
            for (var i = 0; i < weights.Length; i++)
                sum += weights[i] * values[PositionOf(i, row, far) * output.Length + column];
            output[column] = total == 0 ? 0 : (float)(sum / total);
        }
    }

    static int PositionOf(int index, AttentionRow row, AttentionRow far) => index < far.End ? index : row.Start + index - far.End;

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
