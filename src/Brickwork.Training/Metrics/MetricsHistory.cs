namespace Brickwork.Training.Metrics;

/// <summary>What has been measured in a training so far.</summary>
sealed class MetricsHistory
{
    readonly List<StepMetrics> _steps = [];
    readonly List<EvaluationMetrics> _evaluations = [];
    readonly List<SampleMetrics> _samples = [];

    public IReadOnlyList<StepMetrics> Steps => _steps;

    public IReadOnlyList<EvaluationMetrics> Evaluations => _evaluations;

    public IReadOnlyList<SampleMetrics> Samples => _samples;

    public StepMetrics? LastStep => _steps is [.., var last] ? last : null;

    public EvaluationMetrics? LastEvaluation => _evaluations is [.., var last] ? last : null;

    public void Add(MetricsRecord record)
    {
        switch (record)
        {
            case StepRecord step:
                _steps.Add(step.Metrics);
                break;
            case EvaluationRecord evaluation:
                _evaluations.Add(evaluation.Metrics);
                break;
            case SampleRecord sample:
                _samples.Add(sample.Metrics);
                break;
        }
    }
}
