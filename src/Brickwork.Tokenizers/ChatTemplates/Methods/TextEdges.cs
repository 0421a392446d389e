namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>Which ends of a text are meant.</summary>
[Flags]
enum Edges { Start = 1, End = 2, Both = 3 }

/// <summary>Strips the ends of a text.</summary>
static class TextEdges
{
    /// <summary>Strips any of the characters, or white space where they are null.</summary>
    public static string Strip(string text, string? characters, Edges edges)
    {
        var (start, end) = (0, text.Length);
        while (edges.HasFlag(Edges.Start) && start < end && IsStripped(text[start], characters)) start++;
        while (edges.HasFlag(Edges.End) && start < end && IsStripped(text[end - 1], characters)) end--;
        return text[start..end];
    }

    static bool IsStripped(char letter, string? characters) =>
        characters is null ? char.IsWhiteSpace(letter) || letter is >= '\x1C' and <= '\x1F' : characters.Contains(letter);
}
