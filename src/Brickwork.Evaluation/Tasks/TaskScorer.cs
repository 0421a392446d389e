using Brickwork.Evaluation.Scoring;
using Brickwork.Inference.Sampling;

namespace Brickwork.Evaluation.Tasks;

/// <summary>Gathers what a scan says about each window, then decides the questions.</summary>
sealed class TaskScorer
{
    readonly Dictionary<ScoredWindow, Verdict> _verdicts = new(ReferenceEqualityComparer.Instance);

    internal void Add(LogitBlock block)
    {
        for (var row = 0; row < block.Count; row++)
        {
            var (window, target) = block.Target(row);
            var verdict = _verdicts.GetValueOrDefault(window, new Verdict(0, true));
            var isLikeliest = LogitCheck.Highest(block.Logits(row)) == window.Tokens[target];
            _verdicts[window] = new Verdict(verdict.LogLikelihood + block.LogProbability(row), verdict.IsGreedy && isLikeliest);
        }
    }

    internal bool IsRight(TaskItem item, IReadOnlyList<ScoredWindow> windows) =>
        item is PairItem ? Of(windows[0]).LogLikelihood > Of(windows[1]).LogLikelihood : Of(windows[0]).IsGreedy;

    internal double LogLikelihood(ScoredWindow window) => Of(window).LogLikelihood;

    Verdict Of(ScoredWindow window) => _verdicts.GetValueOrDefault(window, new Verdict(0, false));

    readonly record struct Verdict(double LogLikelihood, bool IsGreedy);
}
