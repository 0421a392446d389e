using System.Text;

namespace Brickwork.Tokenizers.Special;

/// <summary>A stretch of the text: a special token, or text between such tokens.</summary>
readonly record struct Segment(int? Token, int Start, int Length);

/// <summary>Finds special tokens in a text: the leftmost first, the longest of those.</summary>
sealed class SpecialTokenFinder
{
    readonly Node _root = new();

    public SpecialTokenFinder(IEnumerable<SpecialToken> tokens)
    {
        foreach (var token in tokens)
        {
            var node = _root;
            foreach (var letter in token.Text)
            {
                if (!node.Next.TryGetValue(letter, out var next))
                    node.Next.Add(letter, next = new Node());
                node = next;
            }
            if (node != _root)
                node.Token = token;
        }
    }

    /// <summary>The segments of a text, in order; none is empty.</summary>
    public List<Segment> Split(ReadOnlySpan<char> text, bool parseSpecial)
    {
        var segments = new List<Segment>();
        var from = 0;
        for (var at = 0; at < text.Length;)
        {
            if (Longest(text, at, parseSpecial) is not { } token)
            {
                at++;
                continue;
            }
            var (start, end) = (at, at + token.Text.Length);
            while (token.StripLeft && start > from && char.IsWhiteSpace(text[start - 1]))
                start--;
            while (token.StripRight && end < text.Length && char.IsWhiteSpace(text[end]))
                end++;
            if (start > from)
                segments.Add(new Segment(null, from, start - from));
            segments.Add(new Segment(token.Id, start, end - start));
            from = at = end;
        }
        if (from < text.Length)
            segments.Add(new Segment(null, from, text.Length - from));
        return segments;
    }

    SpecialToken? Longest(ReadOnlySpan<char> text, int at, bool parseSpecial)
    {
        SpecialToken? best = null;
        var node = _root;
        for (var end = at; end < text.Length && node.Next.TryGetValue(text[end], out node!); end++)
        {
            if (node.Token is { } token && (parseSpecial || !token.OnlyWhenParsing) && (!token.SingleWord || StandsAlone(text, at, end + 1)))
                best = token;
        }
        return best;
    }

    static bool StandsAlone(ReadOnlySpan<char> text, int start, int end) =>
        !(start > 0 && IsWord(LastRune(text[..start]))) && !(end < text.Length && IsWord(FirstRune(text[end..])));

    static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value == '_';

    static Rune FirstRune(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    static Rune LastRune(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    sealed class Node
    {
        public Dictionary<char, Node> Next { get; } = [];

        public SpecialToken? Token { get; set; }
    }
}
