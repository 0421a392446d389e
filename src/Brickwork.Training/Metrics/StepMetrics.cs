namespace Brickwork;

/// <summary>The numbers of one step.</summary>
public sealed record StepMetrics
{
    /// <summary>How many steps were done with it: 1 for the first.</summary>
    public required long Step { get; init; }

    /// <summary>Mean surprise in nats per token, before the step; what the objective makes small.</summary>
    public required double Loss { get; init; }

    /// <summary>The learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The length of all gradients as one vector, before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Tokens read so far.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens read per second in this step.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Which share of the machine's F32 peak the products of this step were; null = the peak is unknown.</summary>
    public double? ShareOfPeak { get; init; }

    /// <summary>Seconds of training so far, all runs together.</summary>
    public required double Seconds { get; init; }
}
