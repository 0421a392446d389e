namespace Brickwork.Inference.Sampling;

/// <summary>Keeps the candidates whose surprise is nearest to the mean surprise, until they hold a share p of the probability.</summary>
/// <remarks>Meister et al. 2023, locally typical sampling.</remarks>
sealed class TypicalPStep(float p, int vocabulary) : ICandidateStep
{
    readonly (double Distance, int Rank)[] _byDistance = new (double, int)[vocabulary];
    readonly bool[] _kept = new bool[vocabulary];

    public void Apply(Candidates candidates)
    {
        if (p >= 1)
            return;
        candidates.Sort();
        var probabilities = candidates.Probabilities();
        Rank(probabilities);
        Mark(probabilities);

        var keys = candidates.Keys;
        var count = 0;
        for (var rank = 0; rank < keys.Length; rank++)
            if (_kept[rank])
                keys[count++] = keys[rank];
        candidates.Truncate(count);
    }

    void Rank(ReadOnlySpan<double> probabilities)
    {
        var meanSurprise = 0.0;
        foreach (var probability in probabilities)
            meanSurprise -= probability > 0 ? probability * Math.Log(probability) : 0;
        for (var rank = 0; rank < probabilities.Length; rank++)
            _byDistance[rank] = (Math.Abs(-Math.Log(probabilities[rank]) - meanSurprise), rank);
        // Tuples compare by distance, then by rank: equal distances have one order.
        _byDistance.AsSpan(0, probabilities.Length).Sort();
    }

    void Mark(ReadOnlySpan<double> probabilities)
    {
        _kept.AsSpan(0, probabilities.Length).Clear();
        var sum = 0.0;
        for (var index = 0; index < probabilities.Length && sum < p; index++)
        {
            var rank = _byDistance[index].Rank;
            _kept[rank] = true;
            sum += probabilities[rank];
        }
    }
}
