namespace Brickwork.Inference.Sampling;

/// <summary>Keeps the candidates whose surprise is nearest to the mean surprise, until they hold a share p of the probability.</summary>
/// <remarks>Meister et al. 2023, locally typical sampling.</remarks>
sealed class TypicalPStep(float p, int vocabulary) : ICandidateStep
{
    readonly Typicality[] _nearest = new Typicality[vocabulary];

    public void Apply(Candidates candidates)
    {
        if (p >= 1)
            return;
        var keys = candidates.Keys;
        Measure(keys, candidates.Probabilities());
        var nearest = _nearest.AsSpan(0, keys.Length);
        var (kept, ranked, sum) = (0, 0, 0.0);
        while (kept < nearest.Length && sum < p)
        {
            ranked = PartialRanking.Extend(nearest, ranked, kept + 1);
            keys[kept] = nearest[kept].Key;
            sum += nearest[kept++].Probability;
        }
        candidates.Reorder(kept);
    }

    void Measure(ReadOnlySpan<ulong> keys, ReadOnlySpan<double> probabilities)
    {
        var meanSurprise = 0.0;
        foreach (var probability in probabilities)
            meanSurprise -= probability > 0 ? probability * Math.Log(probability) : 0;
        for (var index = 0; index < keys.Length; index++)
            _nearest[index] = new Typicality(Math.Abs(-Math.Log(probabilities[index]) - meanSurprise), keys[index], probabilities[index]);
    }

    /// <summary>How far a candidate's surprise is from the mean; equal distances rank by key.</summary>
    readonly record struct Typicality(double Distance, ulong Key, double Probability) : IComparable<Typicality>
    {
        public int CompareTo(Typicality other)
        {
            var order = Distance.CompareTo(other.Distance);
            return order != 0 ? order : Key.CompareTo(other.Key);
        }
    }
}
