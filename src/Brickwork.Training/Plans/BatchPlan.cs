namespace Brickwork;

/// <summary>What one step reads.</summary>
public sealed record BatchPlan
{
    /// <summary>Sequences per step.</summary>
    public int Sequences { get; init; } = 16;

    /// <summary>Tokens per sequence; null = the model's context.</summary>
    public int? Length { get; init; }

    /// <summary>Sequences that are computed at once, whose gradients are then summed; null = all.</summary>
    public int? MicroSequences { get; init; }
}
