namespace Brickwork.Evaluation.Scoring;

/// <summary>Counts the tokens seen and tells a listener.</summary>
sealed class ProgressMeter(IProgress<EvaluationProgress>? listener, IEnumerable<ScoredWindow> windows)
{
    readonly long _total = windows.Sum(window => window.Tokens.Length - 1L);
    long _done;

    internal void Add(int tokens)
    {
        _done += tokens;
        listener?.Report(new EvaluationProgress(_done, _total));
    }
}
