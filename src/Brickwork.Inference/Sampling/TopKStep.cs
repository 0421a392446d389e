namespace Brickwork.Inference.Sampling;

/// <summary>Keeps the k likeliest candidates, ranked.</summary>
sealed class TopKStep(int k) : ICandidateStep
{
    public void Apply(Candidates candidates)
    {
        var kept = Math.Min(k, candidates.Count);
        candidates.Rank(kept);
        candidates.Truncate(kept);
    }
}
