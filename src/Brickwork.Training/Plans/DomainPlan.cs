namespace Brickwork;

/// <summary>Texts to learn from, and how much of the training they are.</summary>
public sealed record DomainPlan
{
    /// <summary>Where the texts are and how they are read.</summary>
    public required CorpusSource Source { get; init; }

    /// <summary>How much of the training is read from here, in any unit; null for all = as much as there is.</summary>
    public double? Share { get; init; }

    /// <summary>The share of documents kept for measuring; null = the plan's.</summary>
    public double? HeldOut { get; init; }
}
