namespace Brickwork;

/// <summary>When the state of the training is saved.</summary>
public sealed record CheckpointPlan
{
    /// <summary>Steps from one checkpoint to the next; 0 = only at the end.</summary>
    public long Every { get; init; } = 200;

    /// <summary>How many of the newest are kept, at least 1.</summary>
    public int Keep { get; init; } = 2;
}
