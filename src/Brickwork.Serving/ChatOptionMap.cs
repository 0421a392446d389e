using Microsoft.Extensions.AI;

namespace Brickwork.Serving;

/// <summary>Turns the options of a chat request into those of a generation. What a request leaves out keeps the client's default.</summary>
static class ChatOptionMap
{
    internal static GenerationOptions ToGeneration(ChatOptions? options, GenerationOptions defaults, IChatClient client, ChatClientMetadata metadata)
    {
        if (options is null)
            return defaults;
        RefuseUnknown(options, metadata);
        var generation = Raw(options, client) ?? defaults;
        var sampling = generation.Sampling;
        return generation with
        {
            MaxTokens = options.MaxOutputTokens ?? generation.MaxTokens,
            Stop = options.StopSequences is { } stops ? [.. stops] : generation.Stop,
            Sampling = AdditionalOptions.Apply(options.AdditionalProperties, sampling with
            {
                Temperature = options.Temperature ?? sampling.Temperature,
                TopK = options.TopK ?? sampling.TopK,
                TopP = options.TopP ?? sampling.TopP,
                FrequencyPenalty = options.FrequencyPenalty ?? sampling.FrequencyPenalty,
                PresencePenalty = options.PresencePenalty ?? sampling.PresencePenalty,
                Seed = options.Seed is { } seed ? seed.GetHashCode() : sampling.Seed,
            }),
        };
    }

    static GenerationOptions? Raw(ChatOptions options, IChatClient client) => options.RawRepresentationFactory?.Invoke(client) switch
    {
        null => null,
        GenerationOptions own => own,
        { } other => throw Unsupported(nameof(ChatOptions.RawRepresentationFactory), $"gives {other.GetType().Name}, expected GenerationOptions"),
    };

    static void RefuseUnknown(ChatOptions options, ChatClientMetadata metadata)
    {
        if (options.Tools is { Count: > 0 })
            throw Unsupported(nameof(ChatOptions.Tools), "is set; this client calls no tools");
        if (options.ResponseFormat is not (null or ChatResponseFormatText))
            throw Unsupported(nameof(ChatOptions.ResponseFormat), "asks for JSON; this client answers in plain text");
        if (options.ConversationId is not null)
            throw Unsupported(nameof(ChatOptions.ConversationId), "is set; this client keeps no conversations, send all messages");
        if (options.ContinuationToken is not null)
            throw Unsupported(nameof(ChatOptions.ContinuationToken), "is set; this client has no background answers");
        if (options.Reasoning is not null)
            throw Unsupported(nameof(ChatOptions.Reasoning), "is set; this client cannot steer reasoning");
        if (options.ModelId is { } id && id != metadata.DefaultModelId)
            throw Unsupported(nameof(ChatOptions.ModelId), $"is '{id}'; this client runs '{metadata.DefaultModelId}'");
    }

    static NotSupportedException Unsupported(string option, string problem) => new($"ChatOptions.{option} {problem}.");
}
