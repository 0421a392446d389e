namespace Brickwork.Inference.Sampling;

/// <summary>The model's own log-probabilities of one step: logit minus the logarithm of the sum of all exponentials.</summary>
sealed class LogProbabilityReport(int top, int vocabulary)
{
    readonly Candidates _candidates = new(vocabulary);
    readonly TopKStep _likeliest = new(Math.Max(top, 1));

    internal SampledToken Describe(int id, ReadOnlySpan<float> logits)
    {
        var logSum = LogSumExp.Of(logits);
        return new SampledToken(id, (float)(logits[id] - logSum), top == 0 ? [] : Likeliest(logits, logSum));
    }

    TokenLogProbability[] Likeliest(ReadOnlySpan<float> logits, double logSum)
    {
        _candidates.Load(logits);
        _likeliest.Apply(_candidates);
        var likeliest = new TokenLogProbability[_candidates.Count];
        for (var rank = 0; rank < likeliest.Length; rank++)
            likeliest[rank] = new TokenLogProbability(_candidates.Id(rank), (float)(_candidates.Logit(rank) - logSum));
        return likeliest;
    }
}
