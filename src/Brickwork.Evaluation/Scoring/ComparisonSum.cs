using Brickwork.Inference.Sampling;

namespace Brickwork.Evaluation.Scoring;

/// <summary>Adds up how two models differ, row by row.</summary>
sealed class ComparisonSum(ScoredCorpus corpus)
{
    double _referenceNll, _otherNll, _divergence, _largest;
    long _agreements, _referenceCache, _otherCache;

    internal void Add(LogitBlock reference, LogitBlock other)
    {
        _referenceCache = Math.Max(_referenceCache, reference.CacheBytes);
        _otherCache = Math.Max(_otherCache, other.CacheBytes);
        for (var row = 0; row < reference.Count; row++)
        {
            _referenceNll -= reference.LogProbability(row);
            _otherNll -= other.LogProbability(row);
            var divergence = Divergence(reference.Logits(row), other.Logits(row));
            _divergence += divergence;
            _largest = Math.Max(_largest, divergence);
            if (LogitCheck.Highest(reference.Logits(row)) == LogitCheck.Highest(other.Logits(row)))
                _agreements++;
        }
    }

    internal Comparison Finish() => new(
        Result(_referenceNll, _referenceCache), Result(_otherNll, _otherCache), _divergence / corpus.Tokens, _largest, (double)_agreements / corpus.Tokens);

    PerplexityResult Result(double nll, long cacheBytes) =>
        new(nll / corpus.Tokens, corpus.Tokens, corpus.Bytes, corpus.Windows.Count) { CacheBytes = cacheBytes };

    internal static double Divergence(ReadOnlySpan<float> reference, ReadOnlySpan<float> other)
    {
        double referenceSum = LogSumExp.Of(reference), otherSum = LogSumExp.Of(other), sum = 0;
        for (var id = 0; id < reference.Length; id++)
        {
            var logP = reference[id] - referenceSum;
            // A token that the reference rules out adds nothing, whatever the other thinks.
            if (!double.IsNegativeInfinity(logP))
                sum += Math.Exp(logP) * (logP - (other[id] - otherSum));
        }

        // Rounding may leave equal distributions a little below zero.
        return Math.Max(sum, 0);
    }
}
