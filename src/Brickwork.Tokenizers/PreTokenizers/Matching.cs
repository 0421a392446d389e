using Brickwork.Tokenizers.PreTokenizers.Patterns;

namespace Brickwork.Tokenizers.PreTokenizers;

/// <summary>Finds the matches of a pattern in a text.</summary>
abstract class Matching
{
    /// <summary>Appends the matches from left to right, as start and end; they do not overlap.</summary>
    public abstract void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches);

    /// <summary>The matching of a regular expression.</summary>
    public static Matching OfPattern(string pattern) => pattern switch
    {
        TrailingWhiteSpace.Pattern => new TrailingWhiteSpace(),
        DigitGroups.UpToDigits => new DigitGroups(UnicodeClasses.Digit()),
        DigitGroups.UpToWords => new DigitGroups(UnicodeClasses.Word()),
        _ => new PatternMatching(pattern),
    };
}

/// <summary>Matches of a regular expression.</summary>
sealed class PatternMatching(string pattern) : Matching
{
    readonly PatternProgram _program = new(pattern);

    public override void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        var matcher = new PatternMatcher(_program, text);
        for (var at = 0; at <= text.Length;)
        {
            if (!matcher.TryMatch(at, out var end))
            {
                at = Step(text, at);
                continue;
            }
            matches.Add((at, end));
            at = end > at ? end : Step(text, at);
        }
    }

    static int Step(ReadOnlySpan<char> text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? at + 2 : at + 1;
}

/// <summary>Matches of a fixed text.</summary>
sealed class TextMatching(string sought) : Matching
{
    public override void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        if (sought.Length == 0)
            return;
        for (var at = 0; text[at..].IndexOf(sought, StringComparison.Ordinal) is var found and >= 0; at += found + sought.Length)
            matches.Add((at + found, at + found + sought.Length));
    }
}

/// <summary>Runs, or single ones, of the code points of a set.</summary>
sealed class SetMatching(CodePointSet set, bool single) : Matching
{
    public override void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        var start = -1;
        for (var at = 0; at < text.Length;)
        {
            var pair = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
            var inside = set.Contains(pair ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at]);
            if (start >= 0 && (single || !inside))
            {
                matches.Add((start, at));
                start = -1;
            }
            if (inside && start < 0)
                start = at;
            at += pair ? 2 : 1;
        }
        if (start >= 0)
            matches.Add((start, text.Length));
    }
}
