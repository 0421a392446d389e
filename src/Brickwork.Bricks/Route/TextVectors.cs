namespace Brickwork.Bricks.Route;

/// <summary>Vectors of texts: the mean of a model's last hidden values, with every brick silent.</summary>
sealed class TextVectors(LanguageModel model) : IDisposable
{
    readonly Embedder _embedder = new(model, new EmbeddingOptions { Pooling = Pooling.Mean, Normalize = false }, new RunnerOptions { Bricks = BrickStrengths.None });

    /// <exception cref="RecipeException">The text has no tokens.</exception>
    public float[] Of(string text)
    {
        int[] tokens = [.. _embedder.Tokenize(text).Take(model.Config.Context)];
        return tokens.Length > 0 ? _embedder.Embed(tokens) : throw new RecipeException("A text without tokens was to be compared with samples.", "Give a text that is not empty.");
    }

    public void Dispose() => _embedder.Dispose();
}
