using Brickwork.Tokenizers.PreTokenizers.Patterns;

namespace Brickwork.Tokenizers.PreTokenizers;

/// <summary>White space at the very end. As a pattern, every run of white space would be tried from each of its characters.</summary>
sealed class TrailingWhiteSpace : Matching
{
    public const string Pattern = @"\s+$";

    public override void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        var start = text.TrimEnd().Length;
        if (start < text.Length)
            matches.Add((start, text.Length));
    }
}

/// <summary>Digits in groups of three, counted from the right. As a pattern, every group would look at all digits that follow.</summary>
/// <param name="stops">A run of digits right before one of these is left alone.</param>
sealed class DigitGroups(CodePointSet stops) : Matching
{
    public const string UpToDigits = @"(?=(\d{3})+(?!\d))", UpToWords = @"\d{1,3}(?=(?:\d{3})*\b)";

    readonly CodePointSet _stops = stops.Seal();

    public override void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        for (var start = 0; start < text.Length; start++)
        {
            var end = start;
            while (end < text.Length && char.IsDigit(text[end]))
                end++;
            var ends = end == text.Length || !_stops.Contains(text[end]);
            for (var group = start; group < end && ends;)
            {
                var length = (end - group) % 3 is > 0 and var rest ? rest : 3;
                matches.Add((group, group + length));
                group += length;
            }
            start = Math.Max(end, start);
        }
    }
}
