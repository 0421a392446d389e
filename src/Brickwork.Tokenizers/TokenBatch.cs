namespace Brickwork;

/// <summary>Sequences of tokens to learn from or to score, one after another, and what should follow each token.</summary>
public sealed class TokenBatch
{
    /// <param name="tokens">[T], the sequences one after another.</param>
    /// <param name="targets">[T], the token that should follow each; −1 where nothing is scored.</param>
    /// <param name="lengths">The length of each sequence; they add up to T.</param>
    public TokenBatch(int[] tokens, int[] targets, int[] lengths)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(lengths);
        if (targets.Length != tokens.Length || lengths.Sum() != tokens.Length || lengths.Any(length => length <= 0))
            throw new ArgumentException($"{tokens.Length} tokens, {targets.Length} targets and sequences of {lengths.Sum()} tokens; expected the same number, and no empty sequence.");
        (Tokens, Targets, Lengths) = (tokens, targets, lengths);
    }

    /// <summary>[T], the sequences one after another.</summary>
    public int[] Tokens { get; }

    /// <summary>[T], the token that should follow each; −1 where nothing is scored.</summary>
    public int[] Targets { get; }

    /// <summary>The length of each sequence.</summary>
    public int[] Lengths { get; }

    /// <summary>How many tokens are scored.</summary>
    public int Scored => Targets.Count(target => target >= 0);
}
