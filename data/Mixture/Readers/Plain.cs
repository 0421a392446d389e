using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Brickwork.Mixture.Readers;

/// <summary>Reads files as text, and the small repairs that many sources need.</summary>
static partial class Plain
{
    /// <summary>The text of a file, unpacked where it is gzipped; bytes that are no UTF-8 are read as Latin-1.</summary>
    public static string Text(string path)
    {
        var bytes = Bytes(path);
        if (bytes.AsSpan().Contains((byte)0))
            throw new InvalidDataException($"{path} is no text: it holds a byte 0.");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n");
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes).ReplaceLineEndings("\n");
        }
    }

    /// <summary>The bytes of a file, unpacked where it is gzipped (dictd's .dz is gzip, too).</summary>
    public static byte[] Bytes(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal) && !path.EndsWith(".dz", StringComparison.Ordinal))
            return File.ReadAllBytes(path);
        using var zip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The whole file as one document.</summary>
    public static IEnumerable<string> Whole(string path) => [Text(path)];

    /// <summary>A reader that cuts before every line that matches.</summary>
    public static Func<string, IEnumerable<string>> CutBefore(string line, bool unwrap = true) => path =>
        CutBefore(WithoutGutenberg(Text(path)), line).Select(text => unwrap ? Unwrap(text) : text);

    /// <summary>The pieces of a text that start with lines that match.</summary>
    public static IEnumerable<string> CutBefore(string text, string line) => Regex.Split(text, $"^(?={line})", RegexOptions.Multiline);

    /// <summary>A reader that joins so many paragraphs to a document.</summary>
    public static Func<string, IEnumerable<string>> Paragraphs(int count) => path =>
        BlankLines().Split(Text(path)).Chunk(count).Select(paragraphs => string.Join("\n\n", paragraphs));

    /// <summary>A reader whose documents are cut between paragraphs once they have so many characters.</summary>
    public static Func<string, IEnumerable<string>> InPieces(Func<string, IEnumerable<string>> read, int characters) => path => read(path).SelectMany(text => Pieces(text, characters));

    /// <summary>A reader that leaves out what was not translated into Japanese.</summary>
    public static Func<string, IEnumerable<string>> InJapanese(Func<string, IEnumerable<string>> read) => path =>
        read(path).Where(text => text.Count(letter => letter is >= '\u3040' and <= '\u30FF') * 5 > text.Count(char.IsLetter));

    static IEnumerable<string> Pieces(string text, int characters)
    {
        var piece = new StringBuilder();
        foreach (var paragraph in BlankLines().Split(text))
        {
            piece.Append(paragraph).Append("\n\n");
            if (piece.Length < characters)
                continue;
            yield return piece.ToString();
            piece.Clear();
        }
        yield return piece.ToString();
    }

    /// <summary>Paragraphs of full lines become one line each; verse and lists stay as they are.</summary>
    public static string Unwrap(string text) => string.Join("\n\n", BlankLines().Split(text.Trim('\n')).Select(UnwrapParagraph));

    /// <summary>Makes what is typed in many ways one: white space, quotes, dashes without meaning.</summary>
    public static string Tidy(string text)
    {
        text = Invisible().Replace(text, "").Replace('\u00A0', ' ').Replace('\u202F', ' ').Replace('\u2010', '-').Replace('\u2011', '-')
            .Replace('\u2018', '\'').Replace('\u2019', '\'').Replace('\u201C', '"').Replace('\u201D', '"').Replace("\u2026", "...");
        text = TrailingSpaces().Replace(text, "");
        return ManyLines().Replace(text, "\n\n").Trim('\n').TrimEnd();
    }

    // Project Gutenberg's own words stand before START and behind END.
    static string WithoutGutenberg(string text)
    {
        var start = GutenbergStart().Match(text);
        text = start.Success ? text[(start.Index + start.Length)..] : text;
        var end = GutenbergEnd().Match(text);
        return end.Success ? text[..end.Index] : text;
    }

    static string UnwrapParagraph(string paragraph)
    {
        var lines = paragraph.Split('\n');
        const int Full = 48;
        return lines.Length > 1 && lines.SkipLast(1).All(line => line.Length >= Full) && lines.Skip(1).All(line => line.Length > 0 && line[0] != ' ')
            ? string.Join(' ', lines.Select(line => line.Trim())) : paragraph;
    }

    [GeneratedRegex(@"\n[ \t]*\n\s*?(?=\S|[ \t]+\S|$)")]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"[ \t\u3000]+$", RegexOptions.Multiline)]
    private static partial Regex TrailingSpaces();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex ManyLines();

    [GeneratedRegex(@"[\u00AD\u200B-\u200F\u2028-\u202E\u2060\uFEFF\uFFFD\x00-\x08\x0B-\x1F\x7F]")]
    private static partial Regex Invisible();

    [GeneratedRegex(@"^\*\*\* ?START OF.*$", RegexOptions.Multiline)]
    private static partial Regex GutenbergStart();

    [GeneratedRegex(@"^(\*\*\* ?END OF|End of (the )?Project Gutenberg).*$", RegexOptions.Multiline)]
    private static partial Regex GutenbergEnd();
}
