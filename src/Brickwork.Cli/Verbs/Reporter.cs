namespace Brickwork.Cli.Verbs;

/// <summary>Passes progress on at once and on the same thread, so that a bar never lags behind.</summary>
sealed class Reporter(Action<long, long> report) : IProgress<EvaluationProgress>, IProgress<PreparationProgress>
{
    public void Report(EvaluationProgress value) => report(value.Done, value.Total);

    public void Report(PreparationProgress value) => report(value.DoneBytes, value.TotalBytes);
}
