using Microsoft.Extensions.AI;

namespace Brickwork.Serving;

/// <summary>An embedding model behind the interface of Microsoft.Extensions.AI.</summary>
sealed class BrickworkEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    readonly LanguageModel _model;
    readonly Embedder _embedder;
    readonly EmbeddingGeneratorMetadata _metadata;
    // One request at a time: the embedder's memory serves one text.
    readonly SemaphoreSlim _turnstile = new(1);

    internal BrickworkEmbeddingGenerator(LanguageModel model, EmbeddingOptions? options, RunnerOptions? runner)
    {
        _model = model;
        _embedder = new Embedder(model, options, runner);
        _metadata = new EmbeddingGeneratorMetadata("brickwork", null, model.Config.Name, model.Config.Width);
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        RefuseUnknown(options);
        await _turnstile.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Embed([.. values], cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turnstile.Release();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_model) ? _model
            : null;
    }

    public void Dispose()
    {
        _embedder.Dispose();
        _turnstile.Dispose();
    }

    GeneratedEmbeddings<Embedding<float>> Embed(string[] texts, CancellationToken cancellation)
    {
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(texts.Length);
        long tokens = 0;
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            var ids = _embedder.Tokenize(text);
            tokens += ids.Length;
            embeddings.Add(new Embedding<float>(_embedder.Embed(ids)) { ModelId = _metadata.DefaultModelId });
        }

        embeddings.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return embeddings;
    }

    void RefuseUnknown(EmbeddingGenerationOptions? options)
    {
        if (options?.Dimensions is { } dimensions && dimensions != _model.Config.Width)
            throw new NotSupportedException($"EmbeddingGenerationOptions.Dimensions is {dimensions}; this model gives {_model.Config.Width}.");
        if (options?.ModelId is { } id && id != _metadata.DefaultModelId)
            throw new NotSupportedException($"EmbeddingGenerationOptions.ModelId is '{id}'; this generator runs '{_metadata.DefaultModelId}'.");
        if (options?.AdditionalProperties is { Count: > 0 } properties)
            throw new NotSupportedException($"EmbeddingGenerationOptions.AdditionalProperties holds '{properties.Keys.First()}'; this generator knows none.");
    }
}
