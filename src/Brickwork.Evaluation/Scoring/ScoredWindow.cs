namespace Brickwork.Evaluation.Scoring;

/// <summary>Tokens that a model reads from the start, of which the last ones are scored.</summary>
/// <param name="Tokens">What the model reads.</param>
/// <param name="FirstScored">The first token whose likelihood counts; at least 1, as nothing foresees the first.</param>
/// <param name="Position">Where in its piece that token stands.</param>
sealed record ScoredWindow(int[] Tokens, int FirstScored, int Position)
{
    internal int Count => Tokens.Length - FirstScored;
}
