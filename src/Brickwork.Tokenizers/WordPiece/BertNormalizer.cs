using System.Globalization;
using System.Text;
using Brickwork.Tokenizers.Unicode;

namespace Brickwork.Tokenizers.WordPiece;

/// <summary>BERT's preparation of a text: control characters go, Chinese characters stand alone, accents and capitals may go.</summary>
sealed record BertNormalizer
{
    public bool CleanText { get; init; } = true;

    public bool SpaceChinese { get; init; } = true;

    public bool StripAccents { get; init; } = true;

    public bool Lowercase { get; init; } = true;

    /// <summary>Whether a Hangul syllable without accents is its first letter only, as llama.cpp has it; BERT itself keeps all letters.</summary>
    public bool LeadingHangulOnly { get; init; }

    public string Normalize(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (CleanText && IsDropped(rune))
                continue;
            if (CleanText && Rune.IsWhiteSpace(rune))
                output.Append(' ');
            else if (SpaceChinese && IsChinese(rune.Value))
                output.Append(' ').Append(rune.ToString()).Append(' ');
            else
                output.Append(rune.ToString());
        }
        text = output.ToString();
        if (StripAccents && LeadingHangulOnly)
            text = string.Create(text.Length, text, static (letters, source) =>
            {
                for (var i = 0; i < letters.Length; i++)
                    letters[i] = source[i] is >= '가' and <= '힣' ? (char)(0x1100 + (source[i] - '가') / 588) : source[i];
            });
        if (StripAccents)
            text = UnicodeNormalization.StripAccents(text);
        return Lowercase ? text.ToLowerInvariant() : text;
    }

    static bool IsDropped(Rune rune) => rune.Value is 0 or 0xFFFD || (rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned && !Rune.IsWhiteSpace(rune));

    // The blocks of BERT's own list.
    static bool IsChinese(int codePoint) => codePoint
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
