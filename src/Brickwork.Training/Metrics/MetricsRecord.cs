namespace Brickwork.Training.Metrics;

/// <summary>A line of the metrics.</summary>
abstract record MetricsRecord
{
    public abstract long Step { get; }
}

sealed record StepRecord(StepMetrics Metrics) : MetricsRecord
{
    public override long Step => Metrics.Step;
}

sealed record EvaluationRecord(EvaluationMetrics Metrics) : MetricsRecord
{
    public override long Step => Metrics.Step;
}

sealed record SampleRecord(SampleMetrics Metrics) : MetricsRecord
{
    public override long Step => Metrics.Step;
}

/// <summary>The last line of a finished or stopped training.</summary>
sealed record EndRecord(long StepsDone, bool IsComplete, string Model, string Checkpoint, StepMetrics? LastStep, EvaluationMetrics? LastEvaluation) : MetricsRecord
{
    public override long Step => StepsDone;
}
