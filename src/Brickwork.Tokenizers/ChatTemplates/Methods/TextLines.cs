namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>Cuts a text at line ends and at white space the way Python does.</summary>
static class TextLines
{
    /// <summary>The lines; a line end at the very end starts no further line.</summary>
    public static List<string> Split(string text, bool keepsEnds)
    {
        var lines = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsLineEnd(text[i])) continue;
            var next = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? i + 2 : i + 1;
            lines.Add(text[start..(keepsEnds ? next : i)]);
            start = next;
            i = next - 1;
        }
        if (start < text.Length)
            lines.Add(text[start..]);
        return lines;
    }

    /// <summary>The words between runs of white space; after the limit the rest stays whole.</summary>
    public static List<string> SplitWords(string text, long limit)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i])) continue;
            var end = i;
            if (words.Count == limit)
                end = text.Length;
            else
                while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            words.Add(text[i..end]);
            i = end;
            if (words.Count > limit) break;
        }
        return words;
    }

    static bool IsLineEnd(char letter) => letter is (>= '\n' and <= '\r') or (>= '\x1C' and <= '\x1E') or '\x85' or '\u2028' or '\u2029';
}
