namespace Brickwork.Inference.Sampling;

/// <summary>Keeps the smallest set of likeliest candidates that holds a share p of the probability.</summary>
/// <remarks>Holtzman et al. 2020, nucleus sampling.</remarks>
sealed class TopPStep(float p) : ICandidateStep
{
    public void Apply(Candidates candidates)
    {
        if (p >= 1)
            return;
        candidates.Sort();
        var probabilities = candidates.Probabilities();
        var sum = 0.0;
        for (var rank = 0; rank < probabilities.Length; rank++)
        {
            sum += probabilities[rank];
            if (sum < p)
                continue;
            candidates.Truncate(rank + 1);
            return;
        }
    }
}
