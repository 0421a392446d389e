namespace Brickwork.Kernels.Attention;

static partial class SequenceAttentionKernel
{
    static void ForwardReference(AttentionOptions options, int kvHead, in SequenceRows rows, Span<float> output, Span<float> logTotals)
    {
        for (var head = kvHead * options.Group; head < (kvHead + 1) * options.Group; head++)
            for (var row = 0; row < rows.Count; row++)
            {
                var (start, weights) = Scores(options, rows, head, row);
                var largest = weights.Append(options.Sinks?[head] ?? double.NegativeInfinity).Max();
                var total = options.Sinks is { } sinks ? Math.Exp(sinks[head] - largest) : 0;
                for (var i = 0; i < weights.Length; i++)
                    total += weights[i] = Math.Exp(weights[i] - largest);
                logTotals[row * options.Heads + head] = (float)(largest + Math.Log(total));
                var target = output.Slice((row * options.Heads + head) * options.ValueWidth, options.ValueWidth);
                for (var column = 0; column < target.Length; column++)
                {
                    var sum = 0.0;
                    for (var i = 0; i < weights.Length; i++)
                        sum += weights[i] * Value(options, rows, kvHead, start + i)[column];
                    target[column] = (float)(sum / total);
                }
            }
    }

    /// <summary>In double precision: P = e^(S − L), dV = Pᵀ·dO, dS = P ⊙ (dO·Vᵀ − rowsum(dO ⊙ O)), dQ = dS·K, dK = dSᵀ·Q.</summary>
    static void BackwardReference(
        AttentionOptions options, int kvHead, in SequenceRows rows, in SequenceResult result, in SequenceGradients gradients)
    {
        var keySums = new double[rows.Count * options.KeyWidth];
        var valueSums = new double[rows.Count * options.ValueWidth];
        var querySum = new double[options.KeyWidth];
        for (var head = kvHead * options.Group; head < (kvHead + 1) * options.Group; head++)
            for (var row = 0; row < rows.Count; row++)
            {
                Array.Clear(querySum);
                var query = Query(options, rows, head, row);
                var at = (row * options.Heads + head) * options.ValueWidth;
                var gradient = result.Gradient.Slice(at, options.ValueWidth);
                var along = Dot(gradient, result.Output.Slice(at, options.ValueWidth));
                var (start, scores) = Scores(options, rows, head, row);
                for (var i = 0; i < scores.Length; i++)
                {
                    var weight = Math.Exp(scores[i] - result.LogTotals[row * options.Heads + head]);
                    AddScaled(gradient, weight, valueSums.AsSpan((start + i) * options.ValueWidth));
                    var slope = weight * (Dot(gradient, Value(options, rows, kvHead, start + i)) - along)
                        * options.Scale * CapSlope(options, scores[i], head, row, start + i);
                    AddScaled(Key(options, rows, kvHead, start + i), slope, querySum);
                    AddScaled(query, slope, keySums.AsSpan((start + i) * options.KeyWidth));
                }
                AddTo(gradients.Queries, row * options.Heads + head, querySum);
            }
        for (var row = 0; row < rows.Count; row++)
        {
            AddTo(gradients.Keys, row * options.KvHeads + kvHead, keySums.AsSpan(row * options.KeyWidth, options.KeyWidth));
            AddTo(gradients.Values, row * options.KvHeads + kvHead, valueSums.AsSpan(row * options.ValueWidth, options.ValueWidth));
        }
    }

    /// <summary>The scores of a row with all keys it sees, and where they begin.</summary>
    static (int Start, double[] Scores) Scores(AttentionOptions options, in SequenceRows rows, int head, int row)
    {
        var start = options.Mask.Start(row);
        var scores = new double[options.Mask.End(row, rows.Count) - start];
        var query = Query(options, rows, head, row);
        for (var i = 0; i < scores.Length; i++)
        {
            var score = Dot(query, Key(options, rows, head / options.Group, start + i)) * options.Scale;
            if (options.SoftCap != 0)
                score = options.SoftCap * Math.Tanh(score / options.SoftCap);
            scores[i] = score - Bias(options, head, row, start + i);
        }
        return (start, scores);
    }

    /// <summary>d cap · tanh(x / cap) / dx = 1 − tanh²; 1 without a cap.</summary>
    static double CapSlope(AttentionOptions options, double score, int head, int row, int position)
    {
        var part = options.SoftCap == 0 ? 0 : (score + Bias(options, head, row, position)) / options.SoftCap;
        return 1 - part * part;
    }

    static double Bias(AttentionOptions options, int head, int row, int position) =>
        options.AlibiSlopes is { } slopes ? (double)slopes[head] * Math.Abs(row - position) : 0;

    static ReadOnlySpan<float> Query(AttentionOptions options, in SequenceRows rows, int head, int row) =>
        rows.Queries.Slice((row * options.Heads + head) * options.KeyWidth, options.KeyWidth);

    static ReadOnlySpan<float> Key(AttentionOptions options, in SequenceRows rows, int kvHead, int row) =>
        rows.Keys.Slice((row * options.KvHeads + kvHead) * options.KeyWidth, options.KeyWidth);

    static ReadOnlySpan<float> Value(AttentionOptions options, in SequenceRows rows, int kvHead, int row) =>
        rows.Values.Slice((row * options.KvHeads + kvHead) * options.ValueWidth, options.ValueWidth);

    static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    static void AddScaled(ReadOnlySpan<float> x, double factor, Span<double> sums)
    {
        for (var i = 0; i < x.Length; i++)
            sums[i] += factor * x[i];
    }

    static void AddTo(Span<float> gradient, int row, ReadOnlySpan<double> sums)
    {
        if (gradient.IsEmpty)
            return;
        for (var i = 0; i < sums.Length; i++)
            gradient[row * sums.Length + i] += (float)sums[i];
    }
}
