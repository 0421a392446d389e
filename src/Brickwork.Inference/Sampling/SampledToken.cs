namespace Brickwork;

/// <summary>A token and how likely the model held it.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Natural logarithm of the model's own probability, before any sampling step.</param>
public readonly record struct TokenLogProbability(int Id, float LogProbability);

/// <summary>The token that was chosen.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Natural logarithm of the model's own probability, where <see cref="SamplingOptions.LogProbabilities"/> asks for it.</param>
/// <param name="Top">The likeliest tokens, likeliest first; empty where not asked for.</param>
public readonly record struct SampledToken(int Id, float? LogProbability, IReadOnlyList<TokenLogProbability> Top);
