using System.Text.Json.Nodes;

namespace Brickwork;

/// <summary>What a chat template sees beside the conversation.</summary>
public sealed record ChatTemplateOptions
{
    /// <summary>Whether the text ends with the opening of the assistant's answer.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The text of the token that begins a sequence; null leaves <c>bos_token</c> undefined.</summary>
    public string? BosToken { get; init; }

    /// <summary>The text of the token that ends a sequence; null leaves <c>eos_token</c> undefined.</summary>
    public string? EosToken { get; init; }

    /// <summary>The functions that the model may call, as JSON schemas.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>The documents that the model may quote.</summary>
    public JsonArray? Documents { get; init; }

    /// <summary>Further variables by name, such as <c>enable_thinking</c>; they win over the others.</summary>
    public JsonObject? Variables { get; init; }

    /// <summary>The clock of <c>strftime_now</c>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
