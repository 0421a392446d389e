namespace Brickwork.Inference.Sampling;

/// <summary>Keeps the smallest set of likeliest candidates that holds a share p of the probability.</summary>
/// <remarks>Holtzman et al. 2020, nucleus sampling.</remarks>
sealed class TopPStep(float p) : ICandidateStep
{
    public void Apply(Candidates candidates)
    {
        if (p >= 1)
            return;
        var softmax = candidates.Softmax();
        var (kept, sum) = (0, 0.0);
        while (kept < candidates.Count && sum < p)
        {
            candidates.Rank(kept + 1);
            sum += softmax.Of(candidates.Logit(kept++));
        }
        candidates.Truncate(kept);
    }
}
