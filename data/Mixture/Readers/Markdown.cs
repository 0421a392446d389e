using System.Text.RegularExpressions;

namespace Brickwork.Mixture.Readers;

/// <summary>The words of Markdown pages.</summary>
static partial class Markdown
{
    /// <summary>A section under a headline is a document.</summary>
    public static IEnumerable<string> Sections(string path) => Plain.CutBefore(Plain.Text(path), "#{1,3} ").Select(Words);

    static string Words(string section)
    {
        section = Image().Replace(section, "");
        section = Link().Replace(section, "$1");
        section = Rule().Replace(section, "");
        section = Emphasis().Replace(section, "$2");
        section = Headline().Replace(section, "$1\n");
        return Plain.Unwrap(section.Replace("\\", "", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"!\[[^\]]*\]\([^)]*\)")]
    private static partial Regex Image();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(\* \* \*|-{3,}|#+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Rule();

    [GeneratedRegex(@"(\*\*|__|\*|_)(?=\S)([^*_\n][^*_]*?)(?<=\S)\1")]
    private static partial Regex Emphasis();

    [GeneratedRegex("^#+ +(.*)$", RegexOptions.Multiline)]
    private static partial Regex Headline();
}
