using System.Globalization;
using System.Text;

namespace Brickwork.Tokenizers.Unicode;

/// <summary>Unicode normalization with own tables (Unicode 15.0), since the library runs without the system's culture data.</summary>
/// <remarks>Unicode Standard Annex 15. An unpaired surrogate passes through unchanged.</remarks>
static class UnicodeNormalization
{
    /// <summary>The text in a normalization form; the same string where nothing changes.</summary>
    public static string Normalize(string text, UnicodeForm form)
    {
        var settled = SettledLength(text, form);
        if (settled == text.Length)
            return text;

        var buffer = new CodePointBuffer(text.Length - settled + 16);
        try
        {
            Decompose(text.AsSpan(settled), form, ref buffer);
            CanonicalOrder.Sort(buffer.Items);
            if (form is UnicodeForm.C or UnicodeForm.KC)
                buffer.Truncate(Composition.Compose(buffer.Items));
            return string.Concat(text.AsSpan(0, settled), buffer.ToString());
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>Removes accents: canonical decomposition without its nonspacing marks, as BERT's tokenizer does.</summary>
    public static string StripAccents(string text)
    {
        var decomposed = Normalize(text, UnicodeForm.D);
        var kept = new StringBuilder(decomposed.Length);
        for (var i = 0; i < decomposed.Length; i++)
        {
            var width = char.IsSurrogatePair(decomposed, i) ? 2 : 1;
            if (CharUnicodeInfo.GetUnicodeCategory(decomposed, i) != UnicodeCategory.NonSpacingMark)
                kept.Append(decomposed, i, width);
            i += width - 1;
        }
        return kept.Length == decomposed.Length ? decomposed : kept.ToString();
    }

    // The length of the longest prefix that is in the form and ends before a starter that cannot join what stands before it.
    static int SettledLength(string text, UnicodeForm form)
    {
        var boundary = 0;
        var lastClass = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80)
            {
                (boundary, lastClass) = (i, 0);
                continue;
            }

            var codePoint = CodePointAt(text, i);
            ref readonly var facts = ref UnicodeTables.Of(codePoint);
            var combining = facts.CombiningClass;
            if (facts.MayChangeUnder(form) || (combining != 0 && combining < lastClass) || HangulChanges(codePoint, form))
                return boundary;
            if (combining == 0)
                boundary = i;
            lastClass = combining;
            if (codePoint > char.MaxValue)
                i++;
        }
        return text.Length;
    }

    static bool HangulChanges(int codePoint, UnicodeForm form) =>
        form is UnicodeForm.C or UnicodeForm.KC ? Hangul.JoinsPrevious(codePoint) : Hangul.IsSyllable(codePoint);

    static void Decompose(ReadOnlySpan<char> text, UnicodeForm form, ref CodePointBuffer output)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var codePoint = CodePointAt(text, i);
            if (codePoint > char.MaxValue)
                i++;
            if (Hangul.IsSyllable(codePoint))
                Hangul.Decompose(codePoint, ref output);
            else if (UnicodeTables.Of(codePoint).Decomposition(form) is { } parts)
                foreach (var part in parts) output.Add(part);
            else
                output.Add(codePoint);
        }
    }

    static int CodePointAt(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
            ? char.ConvertToUtf32(text[index], text[index + 1])
            : text[index];
}
