using Brickwork.Inference.Sampling;

namespace Brickwork.Inference.Speculation;

/// <summary>A probability for every token of a vocabulary.</summary>
sealed class TokenDistribution(int vocabulary)
{
    readonly double[] _probabilities = new double[vocabulary];

    /// <summary>0 for what is not in the vocabulary.</summary>
    internal double this[int id] => id < _probabilities.Length ? _probabilities[id] : 0;

    /// <summary>Takes over what the steps of a sampler left.</summary>
    /// <param name="candidates">The tokens.</param>
    /// <param name="probabilities">Their probabilities, in the present order.</param>
    internal void Set(Candidates candidates, ReadOnlySpan<double> probabilities)
    {
        Array.Clear(_probabilities);
        for (var rank = 0; rank < probabilities.Length; rank++)
            _probabilities[candidates.Id(rank)] = probabilities[rank];
    }
}
