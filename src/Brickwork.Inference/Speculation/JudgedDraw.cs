using Brickwork.Inference.Sampling;

namespace Brickwork.Inference.Speculation;

/// <summary>Takes the token that was guessed where the rule accepts it, or else draws another.</summary>
/// <param name="plain">Where the random number of the token comes from.</param>
/// <param name="proposal">The guess, with what it was drawn from.</param>
sealed class JudgedDraw(SeededDraw plain, Proposal proposal) : ITokenChoice
{
    readonly TokenDistribution _drawn = proposal.Distribution ?? throw new ArgumentException("The guess was not drawn.", nameof(proposal));

    public int Choose(Candidates candidates)
    {
        // Taken whether it is needed or not: the numbers of later tokens then do not depend on the guesses.
        var point = plain.NextPoint();
        var wished = candidates.Probabilities();
        if (candidates.RankOf(proposal.Token) is { } rank && proposal.Number < AcceptanceRule.Acceptance(wished[rank], _drawn[proposal.Token]))
            return rank;
        return SeededDraw.RankAt(wished, point * KeepRest(candidates, wished));
    }

    double KeepRest(Candidates candidates, Span<double> weights)
    {
        var sum = 0.0;
        for (var rank = 0; rank < weights.Length; rank++)
            sum += weights[rank] = AcceptanceRule.Rest(weights[rank], _drawn[candidates.Id(rank)]);
        return sum;
    }
}
