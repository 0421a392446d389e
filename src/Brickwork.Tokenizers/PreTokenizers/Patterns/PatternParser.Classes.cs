using System.Globalization;

namespace Brickwork.Tokenizers.PreTokenizers.Patterns;

sealed partial class PatternParser
{
    // [a-z\p{L}&&[^x]]; a ']' right at the start is a letter.
    CodePointSet Class()
    {
        if (++_depth > MaxDepth)
            throw Fault($"classes nested deeper than {MaxDepth}");
        _at++;
        var set = new CodePointSet { Negated = Take('^') };
        var named = new CodePointSet();
        for (var first = true; first || !Take(']'); first = false)
        {
            if (!More)
                throw Fault("a missing ']'");
            if (pattern.AsSpan(_at).StartsWith("&&"))
            {
                _at += 2;
                named.IntersectWith(Operand());
            }
            else if (pattern[_at] == '[')
                named.Add(Class());
            else
                Member(named);
        }
        if (_ignoreCase)
            named.IgnoreCase();
        set.Add(named.Seal());
        _depth--;
        return set.Seal();
    }

    CodePointSet Operand()
    {
        if (More && pattern[_at] == '[')
            return Class();
        var set = new CodePointSet();
        while (More && pattern[_at] != ']' && !pattern.AsSpan(_at).StartsWith("&&"))
            Member(set);
        return set.Seal();
    }

    void Member(CodePointSet set)
    {
        if (pattern[_at] == '\\' && EscapedClass() is { } escaped)
        {
            set.Add(escaped.Seal());
            return;
        }
        var first = pattern[_at] == '\\' ? EscapedCodePoint() : CodePoint();
        var last = first;
        if (_at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']')
        {
            _at++;
            last = pattern[_at] == '\\' ? EscapedCodePoint() : CodePoint();
            if (last < first)
                throw Fault("a range that runs backwards");
        }
        set.Add(first, last);
    }

    // \p{L}, \s and the like; null where the escape names a single character.
    CodePointSet? EscapedClass()
    {
        var letter = _at + 1 < pattern.Length ? pattern[_at + 1] : throw Fault("an end in the middle");
        if (letter is 'p' or 'P')
            return Property();
        var set = letter switch
        {
            's' or 'S' => UnicodeClasses.WhiteSpace(),
            'd' or 'D' => UnicodeClasses.Digit(),
            'w' or 'W' => UnicodeClasses.Word(),
            'h' => CodePointSet.Of(('0', '9'), ('a', 'f'), ('A', 'F')),
            _ => null,
        };
        if (set is null)
            return null;
        _at += 2;
        set.Negated = char.IsUpper(letter);
        return set;
    }

    CodePointSet Property()
    {
        var negated = pattern[_at + 1] == 'P';
        _at += 2;
        string name;
        if (Take('{'))
        {
            var end = pattern.IndexOf('}', _at);
            name = end < 0 ? throw Fault("a missing '}'") : pattern[_at..end];
            _at = end + 1;
        }
        else
            name = Next().ToString();
        if (name.StartsWith('^'))
            (name, negated) = (name[1..], !negated);
        name = name.Replace("Script=", "", StringComparison.Ordinal).Replace("sc=", "", StringComparison.Ordinal);
        var set = UnicodeClasses.Named(name) ?? throw Fault($"the unknown class \\p{{{name}}}");
        set.Negated = negated;
        return set;
    }

    int EscapedCodePoint()
    {
        _at++;
        var letter = Next();
        switch (letter)
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'f': return '\f';
            case 'v': return '\v';
            case 'e': return 0x1B;
            case '0': return 0;
            case 'u' when !Peek('{'): return Hex(4);
            case 'x' when !Peek('{'): return Hex(2);
            case 'u' or 'x':
                var end = pattern.IndexOf('}', _at);
                var length = end - _at - 1;
                if (length is < 1 or > 6)
                    throw Fault("an unreadable code point");
                _at++;
                var codePoint = Hex(length);
                _at++;
                return codePoint;
            default:
                if (char.IsAsciiLetterOrDigit(letter))
                    throw Fault($"the unknown escape '\\{letter}'");
                _at--;
                return CodePoint();
        }
    }

    bool Peek(char letter) => More && pattern[_at] == letter;

    int Hex(int digits)
    {
        if (_at + digits > pattern.Length
            || !int.TryParse(pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var codePoint)
            || codePoint is < 0 or > 0x10FFFF)
            throw Fault("an unreadable code point");
        _at += digits;
        return codePoint;
    }
}
