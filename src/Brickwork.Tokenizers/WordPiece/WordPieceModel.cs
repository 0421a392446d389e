namespace Brickwork.Tokenizers.WordPiece;

/// <summary>How a WordPiece vocabulary writes the parts of a word.</summary>
/// <param name="Start">Before a word's first part: ▁ in GGUF, nothing elsewhere.</param>
/// <param name="Continuing">Before every other part: nothing in GGUF, ## elsewhere.</param>
/// <param name="LongestWord">A longer word is unknown as a whole; null is without end.</param>
sealed record WordPieceMarks(string Start, string Continuing, int? LongestWord);

/// <summary>WordPiece (BERT, Devlin et al. 2018): a word is spelled by the longest token that fits, from its start on; a word that cannot be is unknown.</summary>
sealed class WordPieceModel : ITokenModel
{
    readonly Vocabulary _vocabulary;
    readonly WordPieceMarks _marks;
    readonly int _unknown;
    readonly int _longest;

    public WordPieceModel(Vocabulary vocabulary, WordPieceMarks marks, int unknown)
    {
        (_vocabulary, _marks, _unknown) = (vocabulary, marks, unknown);
        _longest = vocabulary.Tokens.Max(token => token.Length);
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> output)
    {
        if (piece.IsEmpty)
            return;
        var before = output.Count;
        var word = string.Concat(_marks.Start, piece);
        if (RuneCount(piece) > _marks.LongestWord || !TrySpell(word, output))
        {
            output.RemoveRange(before, output.Count - before);
            output.Add(_unknown);
        }
    }

    bool TrySpell(string word, List<int> output)
    {
        Span<char> part = new char[_longest];
        for (var start = 0; start < word.Length;)
        {
            var mark = start > 0 ? _marks.Continuing : "";
            var length = Math.Min(word.Length - start, _longest - mark.Length);
            mark.CopyTo(part);
            if (length > 0)
                word.AsSpan(start, length).CopyTo(part[mark.Length..]);
            var id = 0;
            while (length > 0 && !_vocabulary.TryFind(part[..(mark.Length + length)], out id))
                length--;
            if (length <= 0)
                return false;
            output.Add(id);
            start += length;
        }
        return true;
    }

    static int RuneCount(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
