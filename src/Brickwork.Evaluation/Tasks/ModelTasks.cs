using Brickwork.Evaluation.Scoring;
using Brickwork.Evaluation.Tasks;
using Brickwork.Inference.Generation;

namespace Brickwork;

/// <summary>Tasks as a member of the model.</summary>
public static class ModelTasks
{
    extension(LanguageModel model)
    {
        /// <summary>Asks the model every question of a task.</summary>
        /// <param name="task">The questions.</param>
        /// <param name="runner">How the model is run; null = the defaults.</param>
        /// <param name="progress">Told after every pass.</param>
        /// <param name="cancellation">Looked at before every pass.</param>
        /// <exception cref="UnsupportedModelException">The model gives embeddings, no logits.</exception>
        public TaskResult Evaluate(
            EvaluationTask task, RunnerOptions? runner = null, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(task);
            LogitModels.Require(model);
            using var running = model.CreateRunner(runner);
            var layout = new TaskWindows(model.Tokenizer, running.Context);
            var windows = task.Items.Select(item => layout.Of(item).ToArray()).ToArray();
            var all = windows.SelectMany(window => window).ToArray();
            var meter = new ProgressMeter(progress, all);
            var scorer = new TaskScorer();
            foreach (var block in new LogitScan(running, model.Config.Vocabulary).Run(all.Where(window => window.Count > 0), cancellation))
            {
                scorer.Add(block);
                meter.Add(block.Rows);
            }

            return Summarize(task, windows, scorer);
        }
    }

    static TaskResult Summarize(EvaluationTask task, ScoredWindow[][] windows, TaskScorer scorer)
    {
        var answers = task.Items.Zip(windows, (item, own) => (item.Subset, IsRight: scorer.IsRight(item, own))).ToArray();
        var subsets = answers.GroupBy(answer => answer.Subset).ToDictionary(subset => subset.Key, subset => subset.Average(Points));
        double[] surprises =
            [.. task.Items.Zip(windows).Where(pair => pair.First is CompletionItem).Select(pair => -scorer.LogLikelihood(pair.Second[0]))];
        return new TaskResult(
            task.Name, answers.Average(Points), answers.Length,
            subsets.Count > 1 ? subsets : new Dictionary<string, double>(), surprises.Length > 0 ? Math.Exp(surprises.Average()) : null);

        static double Points((string Subset, bool IsRight) answer) => answer.IsRight ? 1 : 0;
    }
}
