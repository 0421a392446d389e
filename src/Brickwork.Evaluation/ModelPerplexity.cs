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
            using var runner = model.CreateRunner(options?.Runner);
            var corpus = ScoredCorpus.Of(model, texts, options ?? new PerplexityOptions(), runner.Context);
            var meter = new ProgressMeter(progress, corpus.Windows);
            double nll = 0;
            foreach (var block in new LogitScan(runner, model.Config.Vocabulary).Run(corpus.Windows, cancellation))
            {
                for (var row = 0; row < block.Count; row++)
                    nll -= block.LogProbability(row);
                meter.Add(block.Rows);
            }

            return new PerplexityResult(nll / corpus.Tokens, corpus.Tokens, corpus.Bytes, corpus.Windows.Count);
        }
    }
}
