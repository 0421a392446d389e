using System.Text;
using Microsoft.Extensions.AI;

namespace Brickwork.Serving;

/// <summary>Turns messages into turns; only text has a meaning here.</summary>
static class ChatMessages
{
    internal static IReadOnlyList<ChatTurn> ToTurns(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<ChatTurn> turns = [.. messages.Select(ToTurn)];
        if (turns.Count == 0)
            throw new ArgumentException("There are no messages; expected at least one.", nameof(messages));
        return string.IsNullOrEmpty(instructions) ? turns : WithInstructions(turns, instructions);
    }

    static ChatTurn ToTurn(ChatMessage message)
    {
        var role = message.Role.Value;
        if (role is not ("system" or "user" or "assistant"))
            throw new NotSupportedException($"A message has the role '{role}'; this client knows system, user and assistant.");
        var text = new StringBuilder();
        foreach (var content in message.Contents)
        {
            if (content is not TextContent part)
                throw new NotSupportedException($"A message holds {content.GetType().Name}; this client reads text only (TextContent).");
            text.Append(part.Text);
        }

        return new ChatTurn(role, text.ToString());
    }

    // Most templates allow one system turn, and only in front.
    static List<ChatTurn> WithInstructions(List<ChatTurn> turns, string instructions) => turns is [{ Role: "system" } first, ..]
        ? [new ChatTurn("system", $"{instructions}\n\n{first.Content}"), .. turns[1..]]
        : [new ChatTurn("system", instructions), .. turns];
}
