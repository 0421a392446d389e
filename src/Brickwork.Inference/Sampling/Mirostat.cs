namespace Brickwork;

/// <summary>Mirostat 2: holds the surprise of the text near a target instead of cutting at fixed limits.</summary>
/// <remarks>Basu et al. 2021, algorithm 2; surprise is measured in the distribution before the cut.</remarks>
public sealed record Mirostat
{
    /// <summary>The wished surprise per token, in bits (τ); above 0.</summary>
    public float TargetSurprise { get; init; } = 5;

    /// <summary>How fast the limit follows the error (η); above 0, at most 1.</summary>
    public float LearningRate { get; init; } = 0.1f;
}
