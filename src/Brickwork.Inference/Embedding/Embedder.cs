using Brickwork.Models;

namespace Brickwork;

/// <summary>Turns texts into vectors with an embedding model. One thread at a time.</summary>
public sealed class Embedder : IDisposable
{
    readonly LanguageModel _model;
    readonly EmbeddingOptions _options;
    readonly ModelRunner _runner;

    /// <summary>Prepares the model; it must outlive the embedder.</summary>
    /// <exception cref="UnsupportedModelException">The model foresees tokens and says no way to pool; name one in the options.</exception>
    public Embedder(LanguageModel model, EmbeddingOptions? options = null, RunnerOptions? runner = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Decoder.Head is not null && (options?.Pooling ?? model.Config.Pooling) == Pooling.None)
            throw new UnsupportedModelException(
                $"The model '{model.Config.Name}' ({model.Config.Family}) foresees tokens; expected an embedding model such as bert or nomic-bert.",
                "Give an embedding model: -m MODEL");
        _model = model;
        _options = options ?? new EmbeddingOptions();
        _runner = model.CreateRunner((runner ?? new RunnerOptions()) with { Output = RunnerOutput.Hidden });
    }

    /// <summary>Values in a vector.</summary>
    public int Width => _model.Config.Width;

    /// <summary>How the vectors of the tokens become one.</summary>
    public Pooling Pooling => _options.Pooling ?? _model.Config.Pooling;

    /// <summary>The tokens of a text, with the marks that the model expects around it.</summary>
    public int[] Tokenize(string text) => _model.Tokenizer.Encode(text, EncodeOptions.AddSpecial);

    /// <summary>The vector of a text.</summary>
    /// <exception cref="PromptTooLongException">The text is longer than the context.</exception>
    public float[] Embed(string text) => Embed(Tokenize(text));

    /// <summary>The vector of tokens; at least one.</summary>
    /// <exception cref="PromptTooLongException">There are more tokens than the context holds.</exception>
    public float[] Embed(ReadOnlySpan<int> tokens)
    {
        var vector = Pooling.Pool(Rows(tokens));
        Normalize(vector);
        return vector;
    }

    /// <summary>The vector of each token, not pooled.</summary>
    /// <exception cref="PromptTooLongException">There are more tokens than the context holds.</exception>
    public float[][] EmbedTokens(ReadOnlySpan<int> tokens)
    {
        var rows = Rows(tokens);
        foreach (var row in rows)
            Normalize(row);
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();

    float[][] Rows(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
            throw new ArgumentException("There are no tokens to embed; expected at least one.", nameof(tokens));
        if (tokens.Length > _runner.Context)
            throw new PromptTooLongException(tokens.Length, _runner.Context);
        using var sequence = _runner.StartSequence();
        var hidden = _runner.Forward(sequence, tokens, LogitRows.All); // [T, D]
        var rows = new float[tokens.Length][];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = hidden.Row(row).ToArray();
        return rows;
    }

    void Normalize(Span<float> vector)
    {
        if (!_options.Normalize)
            return;
        var sum = 0.0;
        foreach (var value in vector)
            sum += (double)value * value;
        // A vector of zeros has no direction and stays.
        var scale = sum > 0 ? (float)(1 / Math.Sqrt(sum)) : 1;
        foreach (ref var value in vector)
            value *= scale;
    }
}
