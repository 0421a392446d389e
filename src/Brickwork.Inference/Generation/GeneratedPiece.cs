namespace Brickwork;

/// <summary>What one step of a generation gave.</summary>
public sealed record GeneratedPiece
{
    /// <summary>Text that is now certain: may be empty while a character or a possible stop string is incomplete.</summary>
    public required string Text { get; init; }

    /// <summary>The token; null where the step only ended the text.</summary>
    public int? Id { get; init; }

    /// <summary>Natural logarithm of the model's own probability of the token, where asked for.</summary>
    public float? LogProbability { get; init; }

    /// <summary>The likeliest tokens of the step, where asked for.</summary>
    public IReadOnlyList<TokenLogProbability> Top { get; init; } = [];

    /// <summary>How the generation ended; only in the last piece.</summary>
    public GenerationEnd? End { get; init; }
}
