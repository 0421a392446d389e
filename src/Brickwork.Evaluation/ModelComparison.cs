using Brickwork.Evaluation.Scoring;
using Brickwork.Inference.Generation;

namespace Brickwork;

/// <summary>Comparison as a member of the model.</summary>
public static class ModelComparison
{
    const string TokensKey = "tokenizer.ggml.tokens", NextStep = "Compare models with one tokenizer, or their bits per byte: brick eval perplexity";

    extension(LanguageModel model)
    {
        /// <summary>Measures how far this model is from a reference with the same vocabulary.</summary>
        /// <param name="reference">The model whose expectations count as right; its tokenizer cuts the texts.</param>
        /// <param name="texts">What both read.</param>
        /// <param name="options">Window, stride and pieces, as for perplexity.</param>
        /// <param name="progress">Told after every pass.</param>
        /// <param name="cancellation">Looked at before every pass.</param>
        /// <exception cref="UnsupportedModelException">The vocabularies differ in size, or a model gives embeddings.</exception>
        public Comparison CompareWith(
            LanguageModel reference, IEnumerable<string> texts, PerplexityOptions? options = null,
            IProgress<EvaluationProgress>? progress = null, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(reference);
            ArgumentNullException.ThrowIfNull(texts);
            LogitModels.Require(model);
            RequireSameVocabulary(reference, model);
            options ??= new PerplexityOptions();
            using var own = model.CreateRunner(options.Runner);
            using var other = reference.CreateRunner(options.Runner);
            var corpus = ScoredCorpus.Of(reference, texts, options, Math.Min(own.Context, other.Context));
            var meter = new ProgressMeter(progress, corpus.Windows);
            var sum = new ComparisonSum(corpus);
            foreach (var (ownBlock, referenceBlock) in Scan(own, model).Zip(Scan(other, reference)))
            {
                sum.Add(referenceBlock, ownBlock);
                meter.Add(referenceBlock.Rows);
            }

            return sum.Finish();

            IEnumerable<LogitBlock> Scan(ModelRunner runner, LanguageModel scanned) =>
                new LogitScan(runner, scanned.Config.Vocabulary).Run(corpus.Windows, cancellation);
        }
    }

    static void RequireSameVocabulary(LanguageModel reference, LanguageModel other)
    {
        if (reference.Config.Vocabulary != other.Config.Vocabulary)
            throw new UnsupportedModelException(
                $"The models cannot be compared: '{reference.Config.Name}' has {reference.Config.Vocabulary} tokens, '{other.Config.Name}' has {other.Config.Vocabulary}.",
                NextStep);
        if (reference.Metadata.TryTexts(TokensKey) is { } tokens && other.Metadata.TryTexts(TokensKey) is { } others
            && tokens.Zip(others).Select((pair, id) => (pair.First, pair.Second, Id: id)).FirstOrDefault(pair => pair.First != pair.Second) is { First: not null } different)
            throw new UnsupportedModelException(
                $"The models cannot be compared: token {different.Id} is '{different.First}' in '{reference.Config.Name}' and '{different.Second}' in '{other.Config.Name}'.", NextStep);
    }
}
