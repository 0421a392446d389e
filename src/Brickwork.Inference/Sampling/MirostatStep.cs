namespace Brickwork.Inference.Sampling;

/// <summary>Drops candidates more surprising than a limit, and moves the limit by the surprise of what was drawn.</summary>
/// <remarks>Basu et al. 2021, algorithm 2.</remarks>
sealed class MirostatStep(Mirostat mirostat) : ICandidateStep
{
    double _limit = 2 * mirostat.TargetSurprise;
    double _logSum;
    double _highest;

    public void Apply(Candidates candidates)
    {
        var softmax = candidates.Softmax();
        // Kept for Observe: the surprise is measured before the cut.
        _highest = softmax.Highest;
        _logSum = -Math.Log2(softmax.Of(candidates.Highest()));
        var kept = 0;
        do
            candidates.Rank(++kept + 1);
        while (kept < candidates.Count && -Math.Log2(softmax.Of(candidates.Logit(kept))) <= _limit);
        candidates.Truncate(kept);
    }

    /// <summary>Learns which logit was drawn from the candidates last seen.</summary>
    internal double Observe(float logit)
    {
        var surprise = _logSum + (_highest - logit) / Math.Log(2);
        _limit -= mirostat.LearningRate * (surprise - mirostat.TargetSurprise);
        return surprise;
    }
}
