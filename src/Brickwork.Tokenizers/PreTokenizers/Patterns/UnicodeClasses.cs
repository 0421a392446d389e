using static System.Globalization.UnicodeCategory;

namespace Brickwork.Tokenizers.PreTokenizers.Patterns;

/// <summary>The named classes that patterns of published tokenizers use.</summary>
static class UnicodeClasses
{
    public static CodePointSet WhiteSpace() => CodePointSet.Of(
        ('\t', '\r'), (' ', ' '), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000));

    public static CodePointSet Digit() => CodePointSet.Of(DecimalDigitNumber);

    public static CodePointSet Word()
    {
        var set = Named("L")!;
        set.Add(Named("M")!);
        set.Add(Digit());
        set.Add(CodePointSet.Of(ConnectorPunctuation));
        return set;
    }

    /// <summary>The set of <c>\p{name}</c>, or null where the name is not known.</summary>
    public static CodePointSet? Named(string name) => name switch
    {
        "L" or "Letter" => CodePointSet.Of(UppercaseLetter, LowercaseLetter, TitlecaseLetter, ModifierLetter, OtherLetter),
        "Lu" => CodePointSet.Of(UppercaseLetter),
        "Ll" => CodePointSet.Of(LowercaseLetter),
        "Lt" => CodePointSet.Of(TitlecaseLetter),
        "Lm" => CodePointSet.Of(ModifierLetter),
        "Lo" => CodePointSet.Of(OtherLetter),
        "M" or "Mark" => CodePointSet.Of(NonSpacingMark, SpacingCombiningMark, EnclosingMark),
        "Mn" => CodePointSet.Of(NonSpacingMark),
        "Mc" => CodePointSet.Of(SpacingCombiningMark),
        "Me" => CodePointSet.Of(EnclosingMark),
        "N" or "Number" => CodePointSet.Of(DecimalDigitNumber, LetterNumber, OtherNumber),
        "Nd" => CodePointSet.Of(DecimalDigitNumber),
        "Nl" => CodePointSet.Of(LetterNumber),
        "No" => CodePointSet.Of(OtherNumber),
        "P" or "Punctuation" => CodePointSet.Of(ConnectorPunctuation, DashPunctuation, OpenPunctuation, ClosePunctuation, InitialQuotePunctuation, FinalQuotePunctuation, OtherPunctuation),
        "S" or "Symbol" => CodePointSet.Of(MathSymbol, CurrencySymbol, ModifierSymbol, OtherSymbol),
        "Sm" => CodePointSet.Of(MathSymbol),
        "Sc" => CodePointSet.Of(CurrencySymbol),
        "Sk" => CodePointSet.Of(ModifierSymbol),
        "So" => CodePointSet.Of(OtherSymbol),
        "Z" or "Separator" => CodePointSet.Of(SpaceSeparator, LineSeparator, ParagraphSeparator),
        "Zs" => CodePointSet.Of(SpaceSeparator),
        "C" => CodePointSet.Of(Control, Format, Surrogate, PrivateUse, OtherNotAssigned),
        "Cc" => CodePointSet.Of(Control),
        "Cf" => CodePointSet.Of(Format),
        "Han" => CodePointSet.Of(
            (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B),
            (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D), (0xFA70, 0xFAD9), (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF6),
            (0x20000, 0x2A6DF), (0x2A700, 0x2B81D), (0x2B820, 0x2CEAD), (0x2CEB0, 0x2EBE0), (0x2EBF0, 0x2EE5D), (0x2F800, 0x2FA1D), (0x30000, 0x33479)),
        "Hiragana" => CodePointSet.Of((0x3041, 0x3096), (0x309D, 0x309F), (0x1B001, 0x1B11F), (0x1F200, 0x1F200)),
        "Katakana" => CodePointSet.Of((0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF), (0x32D0, 0x32FE), (0x3300, 0x3357), (0xFF66, 0xFF6F), (0xFF71, 0xFF9D)),
        "Hangul" => CodePointSet.Of(
            (0x1100, 0x11FF), (0x302E, 0x302F), (0x3131, 0x318E), (0x3200, 0x321E), (0x3260, 0x327E), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xD7B0, 0xD7FB), (0xFFA0, 0xFFDC)),
        "Thai" => CodePointSet.Of((0x0E01, 0x0E3A), (0x0E40, 0x0E5B)),
        _ => null,
    };
}
