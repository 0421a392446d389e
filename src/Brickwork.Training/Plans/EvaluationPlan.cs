namespace Brickwork;

/// <summary>When and on how much text the model is measured while it trains.</summary>
public sealed record EvaluationPlan
{
    /// <summary>Steps from one measurement to the next; 0 = only at the end.</summary>
    public long Every { get; init; } = 200;

    /// <summary>The most tokens of each domain; the same ones each time.</summary>
    public int TokensPerDomain { get; init; } = 16_384;
}
