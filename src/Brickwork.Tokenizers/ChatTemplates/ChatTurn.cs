using System.Text.Json.Nodes;

namespace Brickwork;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks: system, user, assistant, tool, or what else the template knows.</param>
/// <param name="Content">What is said; null leaves <c>message.content</c> undefined.</param>
public sealed record ChatTurn(string Role, string? Content)
{
    /// <summary>Further fields of the message, such as <c>tool_calls</c>; a field named content replaces <see cref="Content"/>.</summary>
    public JsonObject? Extra { get; init; }
}
