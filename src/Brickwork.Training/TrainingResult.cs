namespace Brickwork;

/// <summary>What a training has come to.</summary>
public sealed record TrainingResult
{
    /// <summary>Whether all steps were done; otherwise the training was stopped and can be resumed.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>How many steps were done in all.</summary>
    public required long StepsDone { get; init; }

    /// <summary>The newest checkpoint.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>The file of the model, or of the brick where one is trained, as it is now; finished where all steps were done.</summary>
    public required string Model { get; init; }

    /// <summary>The page with all curves.</summary>
    public required string Report { get; init; }

    /// <summary>The last line of the metrics: one JSON object.</summary>
    public required string LastMetrics { get; init; }
}
