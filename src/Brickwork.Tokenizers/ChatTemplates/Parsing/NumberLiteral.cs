using System.Globalization;
using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>Reads numbers: 12, 1_000, 0x1F, 0b1, 0o7, 1.5, 2e-3.</summary>
static class NumberLiteral
{
    public static Token Read(SourceReader reader, SourcePosition at)
    {
        if (HasBase(reader))
            return ReadWithBase(reader, at);

        var start = reader.Offset;
        SkipDigits(reader);
        var isFloat = false;
        if (reader.StartsWith(".") && IsDigitAt(reader, 1))
        {
            isFloat = true;
            reader.Offset++;
            SkipDigits(reader);
        }
        if (!reader.IsAtEnd && reader.Current is 'e' or 'E' && HasExponent(reader))
        {
            isFloat = true;
            reader.Offset += 2;
            SkipDigits(reader);
        }
        var digits = reader.Source[start..reader.Offset].Replace("_", "", StringComparison.Ordinal);
        if (!isFloat && !long.TryParse(digits, CultureInfo.InvariantCulture, out _))
            TemplateSyntax.Fail(at, $"the number {digits} is too large");
        return new Token(isFloat ? TokenKind.Float : TokenKind.Integer, digits, at);
    }

    static bool HasBase(SourceReader reader) => reader.Current == '0' && reader.Offset + 1 < reader.Source.Length
        && reader.Source[reader.Offset + 1] is 'x' or 'X' or 'b' or 'B' or 'o' or 'O';

    static Token ReadWithBase(SourceReader reader, SourcePosition at)
    {
        var bits = char.ToLowerInvariant(reader.Source[reader.Offset + 1]) switch { 'x' => 4, 'o' => 3, _ => 1 };
        reader.Offset += 2;
        var start = reader.Offset;
        long number = 0;
        for (; !reader.IsAtEnd && (char.IsAsciiHexDigit(reader.Current) || reader.Current == '_'); reader.Offset++)
        {
            if (reader.Current == '_') continue;
            var digit = Convert.ToInt32(reader.Current.ToString(), 16);
            if (digit >> bits != 0 || number >> (62 - bits) != 0)
                TemplateSyntax.Fail(at, "the digits of a number do not fit");
            number = (number << bits) | (long)digit;
        }
        if (reader.Offset == start)
            TemplateSyntax.Fail(at, "a number has no digits");
        return new Token(TokenKind.Integer, number.ToString(CultureInfo.InvariantCulture), at);
    }

    static bool HasExponent(SourceReader reader) => IsDigitAt(reader, 1)
        || (reader.Offset + 1 < reader.Source.Length && reader.Source[reader.Offset + 1] is '+' or '-' && IsDigitAt(reader, 2));

    static bool IsDigitAt(SourceReader reader, int ahead) =>
        reader.Offset + ahead < reader.Source.Length && char.IsAsciiDigit(reader.Source[reader.Offset + ahead]);

    static void SkipDigits(SourceReader reader)
    {
        while (!reader.IsAtEnd && (char.IsAsciiDigit(reader.Current) || (reader.Current == '_' && IsDigitAt(reader, 1)))) reader.Offset++;
    }
}
