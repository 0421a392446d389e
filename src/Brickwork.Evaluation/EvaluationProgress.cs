namespace Brickwork;

/// <summary>How far an evaluation is.</summary>
/// <param name="Done">Tokens seen.</param>
/// <param name="Total">Tokens in all.</param>
public readonly record struct EvaluationProgress(long Done, long Total);
