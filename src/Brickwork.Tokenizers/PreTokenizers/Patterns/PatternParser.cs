using System.Globalization;

namespace Brickwork.Tokenizers.PreTokenizers.Patterns;

/// <summary>Reads the part of regular expression syntax that tokenizers use (Oniguruma's and Rust's dialects agree on it).</summary>
sealed partial class PatternParser(string pattern)
{
    const int MaxRepeat = 1000, MaxDepth = 64;

    int _at;
    int _depth;
    bool _ignoreCase;

    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.Choice();
        return parser._at == pattern.Length ? node : throw parser.Fault("an unmatched ')'");
    }

    bool More => _at < pattern.Length;

    PatternNode Choice()
    {
        if (++_depth > MaxDepth)
            throw Fault($"groups nested deeper than {MaxDepth}");
        var options = new List<PatternNode> { Sequence() };
        while (Take('|'))
            options.Add(Sequence());
        _depth--;
        return options.Count == 1 ? options[0] : new PatternNode.Choice(options);
    }

    PatternNode Sequence()
    {
        var items = new List<PatternNode>();
        while (More && pattern[_at] is not ('|' or ')'))
            items.Add(Quantified(Atom()));
        return items.Count == 1 ? items[0] : new PatternNode.Sequence(items);
    }

    PatternNode Quantified(PatternNode atom)
    {
        while (More && TryBounds(out var least, out var most))
        {
            var greed = Take('?') ? Greed.Little : Take('+') ? Greed.Possessive : Greed.Much;
            atom = new PatternNode.Repeat(atom, least, most, greed);
        }
        return atom;
    }

    bool TryBounds(out int least, out int? most)
    {
        (least, most) = (0, null);
        switch (pattern[_at])
        {
            case '*': _at++; return true;
            case '+': (least, _at) = (1, _at + 1); return true;
            case '?': (most, _at) = (1, _at + 1); return true;
            case '{' when pattern.IndexOf('}', _at) is var end && end > _at && IsBounds(pattern.AsSpan(_at + 1, end - _at - 1), out least, out most):
                _at = end + 1;
                return true;
            default: return false;
        }
    }

    bool IsBounds(ReadOnlySpan<char> text, out int least, out int? most)
    {
        most = null;
        var comma = text.IndexOf(',');
        var first = comma < 0 ? text : text[..comma];
        if (!TryNumber(first, out least) && !(comma == 0 && text.Length > 1))
            return false;
        if (comma < 0)
            most = least;
        else if (comma + 1 < text.Length)
        {
            if (!TryNumber(text[(comma + 1)..], out var last) || last < least)
                return false;
            most = last;
        }
        return Math.Max(least, most ?? 0) <= MaxRepeat ? true : throw Fault($"a repetition of more than {MaxRepeat}");
    }

    static bool TryNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    PatternNode Atom()
    {
        var letter = pattern[_at];
        switch (letter)
        {
            case '(': return Group();
            case '[': return new PatternNode.Set(Class());
            case '.': _at++; return new PatternNode.Set(Not(CodePointSet.Of(('\n', '\n'))));
            case '^': _at++; return new PatternNode.Anchor(AnchorKind.Start);
            case '$': _at++; return new PatternNode.Anchor(AnchorKind.EndBeforeNewline);
            case '\\': return Escape();
            case '*' or '+' or '?': throw Fault($"'{letter}' after nothing");
            default: return Literal(CodePoint());
        }
    }

    PatternNode Group()
    {
        _at++;
        var outer = _ignoreCase;
        if (!Take('?'))
            return Close(Choice(), outer);
        switch (Next())
        {
            case ':': return Close(Choice(), outer);
            case '=': return Close(new PatternNode.Look(Choice(), false, false), outer);
            case '!': return Close(new PatternNode.Look(Choice(), false, true), outer);
            case '>': return Close(new PatternNode.Atomic(Choice()), outer);
            case '<' when Take('='): return Close(Behind(Choice(), false), outer);
            case '<' when Take('!'): return Close(Behind(Choice(), true), outer);
            case 'i' when Take(':'):
                _ignoreCase = true;
                return Close(Choice(), outer);
            case 'i' when Take(')'):
                _ignoreCase = true;
                return new PatternNode.Sequence([]);
            default: throw Fault("a group of an unknown kind");
        }
    }

    PatternNode.Look Behind(PatternNode body, bool negated) =>
        body.Width is not null ? new PatternNode.Look(body, true, negated) : throw Fault("a look-behind of varying length");

    PatternNode Close(PatternNode node, bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        return Take(')') ? node : throw Fault("a missing ')'");
    }

    PatternNode Escape() => pattern.AsSpan(_at) switch
    {
        ['\\', 'b', ..] => Anchor(AnchorKind.WordBoundary),
        ['\\', 'B', ..] => Anchor(AnchorKind.NoWordBoundary),
        ['\\', 'A', ..] => Anchor(AnchorKind.Start),
        ['\\', 'z', ..] => Anchor(AnchorKind.End),
        ['\\', 'Z', ..] => Anchor(AnchorKind.EndBeforeNewline),
        _ => EscapedClass() is { } set ? new PatternNode.Set(set.Seal()) : Literal(EscapedCodePoint()),
    };

    PatternNode.Anchor Anchor(AnchorKind kind)
    {
        _at += 2;
        return new PatternNode.Anchor(kind);
    }

    PatternNode.Set Literal(int codePoint)
    {
        var set = CodePointSet.Of((codePoint, codePoint));
        if (_ignoreCase)
            set.IgnoreCase();
        return new PatternNode.Set(set.Seal());
    }

    static CodePointSet Not(CodePointSet set)
    {
        set.Negated = !set.Negated;
        return set.Seal();
    }

    bool Take(char letter)
    {
        if (!More || pattern[_at] != letter)
            return false;
        _at++;
        return true;
    }

    char Next() => More ? pattern[_at++] : throw Fault("an end in the middle");

    int CodePoint()
    {
        var length = char.IsSurrogatePair(pattern, _at) ? 2 : 1;
        var codePoint = length == 2 ? char.ConvertToUtf32(pattern, _at) : pattern[_at];
        _at += length;
        return codePoint;
    }

    UnsupportedModelException Fault(string what) => new(
        $"The tokenizer's pattern '{(pattern.Length > 200 ? pattern[..200] + "…" : pattern)}' has {what} (at {_at}); this is no regular expression that this version reads.",
        "Report the model: its tokenizer needs a pattern that is not supported yet.");
}
