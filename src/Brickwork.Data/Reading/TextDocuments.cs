using System.Text;

namespace Brickwork.Data.Reading;

/// <summary>Cuts plain text into documents.</summary>
static class TextDocuments
{
    /// <summary>The documents between the boundaries, each no longer than a limit.</summary>
    public static IEnumerable<string> Read(CorpusText text, DocumentBoundary boundary, int limit)
    {
        var document = new StringBuilder();
        var line = new StringBuilder();
        while (text.TryReadLine(line.Clear(), limit, out var complete))
        {
            if (boundary == DocumentBoundary.BlankLine && IsBlank(line) || document.Length + line.Length > limit)
            {
                if (Take(document) is { } before)
                    yield return before;
                if (IsBlank(line))
                    continue;
            }
            document.Append(line);
            if (complete)
                document.Append('\n');
            if (boundary == DocumentBoundary.Line && complete && Take(document) is { } one)
                yield return one;
        }
        if (Take(document) is { } last)
            yield return last;
    }

    /// <summary>Cuts a record that is too long where a line or a word ends.</summary>
    public static IEnumerable<string> Cut(string text, int limit)
    {
        while (text.Length > limit)
        {
            var end = text.LastIndexOf('\n', limit - 1);
            if (end < limit / 2)
                end = text.LastIndexOf(' ', limit - 1);
            if (end < limit / 2)
                end = char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
            if (Trim(text[..end]) is { Length: > 0 } piece)
                yield return piece;
            text = text[end..];
        }
        if (Trim(text) is { Length: > 0 } rest)
            yield return rest;
    }

    static string? Take(StringBuilder document)
    {
        var text = Trim(document.ToString());
        document.Clear();
        return text.Length > 0 ? text : null;
    }

    // Blank lines at both ends and white space at the end go; the first line keeps its indentation.
    static string Trim(string text)
    {
        text = text.TrimEnd();
        var start = 0;
        for (var i = 0; i < text.Length && char.IsWhiteSpace(text[i]); i++)
        {
            if (text[i] == '\n')
                start = i + 1;
        }
        return text[start..];
    }

    static bool IsBlank(StringBuilder line)
    {
        foreach (var chunk in line.GetChunks())
        {
            if (!chunk.Span.IsWhiteSpace())
                return false;
        }
        return true;
    }
}
