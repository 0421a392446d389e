using System.Text;

namespace Brickwork.Tokenizers.Unigram;

/// <summary>What SentencePiece does to a text before it is spelled: character rules, then spaces.</summary>
sealed record SentencePieceNormalizer
{
    public CharsMap? Map { get; init; }

    /// <summary>Whether a space goes before the text (behind it, with <see cref="SpaceAsSuffix"/>).</summary>
    public bool AddSpace { get; init; }

    public bool SpaceAsSuffix { get; init; }

    /// <summary>Whether runs of spaces become one and those at the ends go.</summary>
    public bool RemoveExtraSpaces { get; init; }

    /// <summary>Whether the space is written ▁.</summary>
    public bool EscapeSpaces { get; init; } = true;

    public string Normalize(string text)
    {
        text = Map?.Normalize(text) ?? text;
        if (RemoveExtraSpaces)
            text = SingleSpaces(text);
        if (text.Length == 0)
            return text;
        if (AddSpace)
            text = SpaceAsSuffix ? text + " " : " " + text;
        return EscapeSpaces ? text.Replace(' ', '▁') : text;
    }

    static string SingleSpaces(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (letter != ' ' || (output.Length > 0 && output[^1] != ' '))
                output.Append(letter);
        }
        return output.ToString().TrimEnd(' ');
    }
}
