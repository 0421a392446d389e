using System.Runtime.CompilerServices;
using Brickwork.Inference.Chat;
using Brickwork.Inference.Generation;
using Microsoft.Extensions.AI;

namespace Brickwork.Serving;

/// <summary>A model behind the chat interface of Microsoft.Extensions.AI.</summary>
sealed class BrickworkChatClient : IChatClient
{
    readonly LanguageModel _model;
    readonly GenerationOptions _defaults;
    readonly TurnWriter _writer;
    readonly ChatClientMetadata _metadata;
    // One request at a time: the writer's memory belongs to one conversation.
    readonly SemaphoreSlim _turnstile = new(1);

    internal BrickworkChatClient(LanguageModel model, GenerationOptions defaults, RunnerOptions? runner)
    {
        _model = model;
        _defaults = defaults;
        _writer = new TurnWriter(model, defaults, runner, null);
        _metadata = new ChatClientMetadata("brickwork", null, model.Config.Name);
        // The first request will find the weights laid out, or the rest of the work.
        _ = model.PrepareAsync();
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        // Faults of the request appear at once, not when the answer is first read.
        var turns = ChatMessages.ToTurns(messages, options?.Instructions);
        var generation = ChatOptionMap.ToGeneration(options, _defaults, this, _metadata);
        generation.Validate(_model.Config.Vocabulary);
        return Stream(turns, generation, cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_model) ? _model
            : null;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _turnstile.Dispose();
    }

    async IAsyncEnumerable<ChatResponseUpdate> Stream(
        IReadOnlyList<ChatTurn> turns, GenerationOptions options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await _turnstile.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var answer = new ChatUpdates(_metadata.DefaultModelId);
            var pieces = BackgroundStream.Run(stop => _writer.Write(_writer.Encode(turns), options, stop), cancellation);
            await foreach (var piece in pieces.ConfigureAwait(false))
                if (answer.From(piece) is { } update)
                    yield return update;
        }
        finally
        {
            _turnstile.Release();
        }
    }
}
