using Brickwork.Evaluation.Importance;
using Brickwork.Evaluation.Scoring;

namespace Brickwork;

/// <summary>Measures which columns of a model's matrices matter, by running it over text.</summary>
public static class ImportanceMeasurement
{
    extension(ImportanceMatrix)
    {
        /// <summary>Runs a model over texts and sums up the squares of what goes into each of its matrices.</summary>
        /// <param name="model">Best in the precision that is to be quantized.</param>
        /// <param name="texts">Text like that which the model will meet; no piece reaches from one into the next.</param>
        /// <param name="options">Length and number of pieces.</param>
        /// <param name="progress">Told after every pass.</param>
        /// <param name="cancellation">Looked at before every pass.</param>
        /// <exception cref="DataFileException">The texts have no two tokens.</exception>
        /// <exception cref="UnsupportedModelException">The model gives embeddings, no logits.</exception>
        /// <exception cref="CheckpointException">Something that goes into a matrix is no number.</exception>
        public static ImportanceMatrix Measure(
            LanguageModel model, IEnumerable<string> texts, ImportanceOptions? options = null,
            IProgress<EvaluationProgress>? progress = null, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(texts);
            options ??= new ImportanceOptions();
            var inputs = new InputSums(model.Checkpoint);
            using var observed = model.With(inputs.Observe(model.Decoder));
            using var pass = new ObservedPass(observed);
            var windows = options.Windows(pass.Context);
            var corpus = ScoredCorpus.Of(model, texts, windows, pass.Context);
            var meter = new ProgressMeter(progress, corpus.Windows);
            foreach (var window in corpus.Windows)
            {
                cancellation.ThrowIfCancellationRequested();
                pass.Run(window.Tokens);
                meter.Add(window.Tokens.Length - 1);
            }
            return inputs.Finish(options.Datasets, corpus.Windows.Count, windows.Window!.Value);
        }
    }
}
