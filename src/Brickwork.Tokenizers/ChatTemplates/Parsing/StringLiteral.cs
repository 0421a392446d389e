using System.Globalization;
using System.Text;
using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>Reads a quoted string with Python's escapes. An escape that Python does not know stays as it is written.</summary>
static class StringLiteral
{
    public static string Read(SourceReader reader, SourcePosition at)
    {
        var quote = reader.Current;
        reader.Offset++;
        var content = new StringBuilder();
        while (!reader.IsAtEnd)
        {
            var letter = reader.Current;
            reader.Offset++;
            if (letter == quote)
                return content.ToString();
            if (letter == '\\' && !reader.IsAtEnd)
                ReadEscape(reader, content, at);
            else
                content.Append(letter);
        }
        TemplateSyntax.Fail(at, "a string has no end");
        return "";
    }

    static void ReadEscape(SourceReader reader, StringBuilder content, SourcePosition at)
    {
        var letter = reader.Current;
        reader.Offset++;
        switch (letter)
        {
            case '\n': break;
            case '\\' or '\'' or '"': content.Append(letter); break;
            case 'n': content.Append('\n'); break;
            case 'r': content.Append('\r'); break;
            case 't': content.Append('\t'); break;
            case 'a': content.Append('\a'); break;
            case 'b': content.Append('\b'); break;
            case 'f': content.Append('\f'); break;
            case 'v': content.Append('\v'); break;
            case >= '0' and <= '7': content.Append(ReadOctal(reader, letter)); break;
            case 'x': AppendHex(reader, content, 2, at); break;
            case 'u': AppendHex(reader, content, 4, at); break;
            case 'U': AppendHex(reader, content, 8, at); break;
            case 'N': TemplateSyntax.Lacks(at, "a named character '\\N{…}'"); break;
            default: content.Append('\\').Append(letter); break;
        }
    }

    static char ReadOctal(SourceReader reader, char first)
    {
        var value = first - '0';
        for (var digits = 1; digits < 3 && !reader.IsAtEnd && reader.Current is >= '0' and <= '7'; digits++, reader.Offset++)
            value = (value * 8) + (reader.Current - '0');
        return (char)value;
    }

    static void AppendHex(SourceReader reader, StringBuilder content, int digits, SourcePosition at)
    {
        var text = reader.Source.AsSpan(reader.Offset, Math.Min(digits, reader.Source.Length - reader.Offset));
        var isNumber = int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var codePoint);
        if (!isNumber || text.Length < digits || codePoint is < 0 or > 0x10FFFF || (digits == 8 && codePoint is >= 0xD800 and < 0xE000))
            TemplateSyntax.Fail(at, "an escape in a string lacks its digits");
        reader.Offset += digits;
        if (codePoint <= char.MaxValue)
            content.Append((char)codePoint);
        else
            content.Append(char.ConvertFromUtf32(codePoint));
    }
}
