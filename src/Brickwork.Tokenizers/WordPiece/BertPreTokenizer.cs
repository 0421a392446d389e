using System.Globalization;
using System.Text;
using Brickwork.Tokenizers.PreTokenizers;

namespace Brickwork.Tokenizers.WordPiece;

/// <summary>Cuts at white space, which goes, and around every punctuation mark.</summary>
sealed class BertPreTokenizer : PreTokenizer
{
    public override void Split(Piece piece, List<Piece> output)
    {
        var text = piece.Span;
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var width);
            var space = Rune.IsWhiteSpace(rune);
            if (!space && !IsPunctuation(rune))
            {
                at += width;
                continue;
            }
            if (at > start)
                output.Add(piece.Slice(start, at - start));
            if (!space)
                output.Add(piece.Slice(at, width));
            at += width;
            start = at;
        }
        if (start < text.Length)
            output.Add(piece.Slice(start, text.Length - start));
    }

    /// <summary>Unicode's punctuation and all of ASCII's marks.</summary>
    public static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol);
}
