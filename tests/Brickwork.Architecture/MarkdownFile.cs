using System.Text.RegularExpressions;

namespace Brickwork.Architecture;

/// <summary>A piece of a page and the line it stands in.</summary>
readonly record struct Span(string Text, int Line);

/// <summary>A page of documentation: its code spans and links, fenced blocks left out.</summary>
sealed partial class MarkdownFile(string path)
{
    readonly string[] _lines = SourceTree.Read(path).Split('\n');

    /// <summary>The pages a reader is sent to: those at the root, under docs/ and bench/, and the README of every folder.</summary>
    public static IEnumerable<MarkdownFile> All { get; } =
        [.. SourceTree.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal) && !file.Contains("/Data/", StringComparison.Ordinal))
            .Select(file => new MarkdownFile(file))];

    /// <summary>Relative to the repository.</summary>
    public string Path { get; } = path;

    public int Lines => _lines.Length;

    /// <summary>The text between single backquotes.</summary>
    public IEnumerable<Span> CodeSpans => Prose().SelectMany(line => CodeSpan().Matches(line.Text), (line, match) => new Span(match.Groups[1].Value, line.Line));

    /// <summary>The targets of links.</summary>
    public IEnumerable<Span> Links => Prose().SelectMany(line => Link().Matches(line.Text), (line, match) => new Span(match.Groups[1].Value, line.Line));

    /// <summary>The anchors its headlines make, as GitHub spells them.</summary>
    public IEnumerable<string> Anchors => Prose().Where(line => line.Text.StartsWith('#'))
        .Select(line => NotInAnchor().Replace(line.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    IEnumerable<Span> Prose()
    {
        var fenced = false;
        for (var index = 0; index < _lines.Length; index++)
        {
            if (_lines[index].TrimStart().StartsWith("```", StringComparison.Ordinal))
                fenced = !fenced;
            else if (!fenced)
                yield return new Span(_lines[index], index + 1);
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
