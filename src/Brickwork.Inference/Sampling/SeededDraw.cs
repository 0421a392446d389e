namespace Brickwork.Inference.Sampling;

/// <summary>Draws by the softmax of the candidates: one random number for each token of the text.</summary>
sealed class SeededDraw(int seed) : ITokenChoice
{
    readonly SeededRandom _random = new(seed);

    public int Choose(Candidates candidates) => RankAt(candidates.Probabilities(), NextPoint());

    /// <summary>The number of the next token, in [0, 1).</summary>
    internal double NextPoint() => _random.NextDouble();

    /// <summary>The rank whose share of a line, cut by the weights, holds the point.</summary>
    internal static int RankAt(ReadOnlySpan<double> weights, double point)
    {
        var rank = 0;
        // Rounding may leave a rest after the last candidate, so that one is taken without asking.
        while (rank < weights.Length - 1 && (point -= weights[rank]) >= 0)
            rank++;
        return rank;
    }
}
