using Brickwork.Inference.Sampling;

namespace Brickwork.Inference.Speculation;

/// <summary>Draws a guess, and keeps what it was drawn from. Its random numbers depend on the seed and the place in the text alone.</summary>
sealed class RecordedDraw(int seed, int vocabulary) : ITokenChoice
{
    Proposal _proposal = new();
    double _point;

    /// <summary>Which guess is drawn next.</summary>
    /// <param name="proposal">Filled in.</param>
    /// <param name="place">How many tokens of the text stand before it.</param>
    internal void Prepare(Proposal proposal, int place)
    {
        // Places count from 1 in the upper half, which is 0 or −1 in the seed of the text itself: no two streams begin alike.
        var random = new SeededRandom(((long)(place + 1) << 32) | (uint)seed);
        _point = random.NextDouble();
        _proposal = proposal;
        _proposal.Number = random.NextDouble();
    }

    public int Choose(Candidates candidates)
    {
        var probabilities = candidates.Probabilities();
        var distribution = _proposal.Distribution ??= new TokenDistribution(vocabulary);
        distribution.Set(candidates, probabilities);
        return SeededDraw.RankAt(probabilities, _point);
    }
}
