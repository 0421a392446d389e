namespace Brickwork.Inference.Sampling;

/// <summary>Keeps candidates at least a fraction p as likely as the likeliest.</summary>
/// <remarks>Nguyen et al. 2024. No softmax is needed: p(token) ≥ p · p(best) says logit ≥ best logit + ln p.</remarks>
sealed class MinPStep(float p) : ICandidateStep
{
    public void Apply(Candidates candidates)
    {
        var least = candidates.Highest() + MathF.Log(p);
        var kept = 0;
        var keys = candidates.Keys;
        for (var rank = 0; rank < keys.Length; rank++)
            if (candidates.Logit(rank) >= least)
                keys[kept++] = keys[rank];
        candidates.Truncate(kept);
    }
}
