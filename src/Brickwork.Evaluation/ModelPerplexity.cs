using Brickwork.Evaluation.Scoring;

namespace Brickwork;

/// <summary>Measures how well a model foresees texts.</summary>
public static class ModelPerplexity
{
    extension(LanguageModel model)
    {
        /// <summary>Measures a text.</summary>
        /// <param name="text">What to foresee. Every piece starts with the model's start token, where it has one.</param>
        /// <param name="options">Window, stride and pieces; null = the whole text in windows of the model's context.</param>
        /// <param name="progress">Told after every pass.</param>
        /// <param name="cancellation">Looked at before every pass.</param>
        /// <exception cref="DataFileException">The text has too few tokens to foresee one.</exception>
        /// <exception cref="UnsupportedModelException">The model gives embeddings, no logits.</exception>
        public PerplexityResult MeasurePerplexity(
            string text, PerplexityOptions? options = null, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellation = default) =>
            model.MeasurePerplexity([text], options, progress, cancellation);

        /// <summary>Measures several texts as one corpus.</summary>
        /// <param name="texts">What to foresee; no window reaches from one into the next.</param>
        /// <param name="options">Window, stride and pieces; null = whole texts in windows of the model's context.</param>
        /// <param name="progress">Told after every pass.</param>
        /// <param name="cancellation">Looked at before every pass.</param>
        /// <exception cref="DataFileException">The texts have too few tokens to foresee one.</exception>
        /// <exception cref="UnsupportedModelException">The model gives embeddings, no logits.</exception>
        public PerplexityResult MeasurePerplexity(
            IEnumerable<string> texts, PerplexityOptions? options = null, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(texts);
            options = (options ?? new PerplexityOptions()).For(model);
            using var runner = model.CreateRunner(options.Runner);
            var corpus = ScoredCorpus.Of(model, texts, options, runner.Context);
            var meter = new ProgressMeter(progress, corpus.Windows);
            var (nll, cacheBytes) = (0.0, 0L);
            foreach (var block in new LogitScan(runner, model.Config.Vocabulary).Run(corpus.Windows, cancellation))
            {
                for (var row = 0; row < block.Count; row++)
                    nll -= block.LogProbability(row);
                cacheBytes = Math.Max(cacheBytes, block.CacheBytes);
                meter.Add(block.Rows);
            }

            return new PerplexityResult(nll / corpus.Tokens, corpus.Tokens, corpus.Bytes, corpus.Windows.Count) { CacheBytes = cacheBytes };
        }

        /// <summary>Measures several texts with a smaller cache and with everything kept in F32.</summary>
        /// <param name="texts">What to foresee.</param>
        /// <param name="options">How; its runner says which cache. Windows beyond the model's context are cut to it where everything is kept.</param>
        /// <param name="progress">Told after every pass of either.</param>
        /// <param name="cancellation">Looked at before every pass.</param>
        /// <exception cref="ArgumentException">A limit counts windows, and the two would have other windows.</exception>
        /// <exception cref="DataFileException">The texts have too few tokens to foresee one.</exception>
        /// <exception cref="UnsupportedModelException">The model gives embeddings, no logits, or cannot run with the eviction.</exception>
        public CacheCost MeasureCacheCost(
            IReadOnlyList<string> texts, PerplexityOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(options);
            var small = options.For(model);
            var context = Math.Min(model.Config.Context, options.Runner?.Context ?? int.MaxValue);
            if (small.Window > context && small.Limit is not null)
                throw new ArgumentException($"A limit counts windows, and windows of {small.Window} are cut to the context of {context} to compare: leave one of them out.");
            var dense = small with
            {
                Window = Math.Min(small.Window!.Value, context),
                Runner = (small.Runner ?? new RunnerOptions()) with { CacheType = CacheType.F32, Eviction = null },
            };
            return new CacheCost(
                model.MeasurePerplexity(texts, small, progress, cancellation), model.MeasurePerplexity(texts, dense, progress, cancellation));
        }
    }
}
