using System.Text;

namespace Brickwork.Tokenizers.Unigram;

/// <summary>Unigram language model (Kudo 2018): of all ways to spell the text, the one with the highest sum of scores.</summary>
sealed class UnigramModel : ITokenModel
{
    const double UnknownPenalty = 10;

    readonly float[] _scores;
    readonly bool[] _userDefined;
    readonly PrefixTable _tokens;
    readonly double _unknownScore;
    readonly int _unknown;
    readonly int[]? _bytes;

    /// <param name="vocabulary">Texts, ids and types.</param>
    /// <param name="scores">The logarithm of each token's probability.</param>
    /// <param name="unknown">What stands for a character that no token spells.</param>
    /// <param name="spellBytes">Whether such a character is spelled by bytes instead.</param>
    public UnigramModel(Vocabulary vocabulary, float[] scores, int unknown, bool spellBytes)
    {
        var ids = Enumerable.Range(0, vocabulary.Count).ToArray();
        _scores = scores;
        _userDefined = Array.ConvertAll(vocabulary.Types, type => type == TokenType.UserDefined);
        _unknown = unknown;
        _tokens = new PrefixTable(ids
            .Where(id => vocabulary.Types[id] is TokenType.Normal or TokenType.UserDefined or TokenType.Unused && id != unknown)
            .Select(id => (vocabulary.Tokens[id], id)));
        var normal = ids.Where(id => vocabulary.Types[id] == TokenType.Normal).Select(id => scores[id]).DefaultIfEmpty();
        _unknownScore = normal.Min() - UnknownPenalty;
        _bytes = spellBytes ? vocabulary.ByteTokens() : null;
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> output)
    {
        var best = new Best[piece.Length + 1];
        Array.Fill(best, new Best(-1, 0, double.NegativeInfinity), 1, piece.Length);
        for (var start = 0; start < piece.Length;)
        {
            var width = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            var walk = _tokens.Start();
            var single = false;
            for (var end = start; end < piece.Length && walk.Next(piece[end], out var id); end++)
            {
                if (id < 0)
                    continue;
                single |= end + 1 - start == width;
                Offer(best, end + 1, new Best(id, start, best[start].Score + (_userDefined[id] ? 0 : _scores[id])));
            }
            if (!single)
                Offer(best, start + width, new Best(_unknown, start, best[start].Score + _unknownScore));
            start += width;
        }
        Trace(best, piece, output);
    }

    static void Offer(Best[] best, int end, Best candidate)
    {
        if (candidate.Score > best[end].Score)
            best[end] = candidate;
    }

    void Trace(Best[] best, ReadOnlySpan<char> piece, List<int> output)
    {
        var ends = new List<int>();
        for (var end = piece.Length; end > 0; end = best[end].Start)
            ends.Add(end);
        var afterUnknown = false;
        for (var i = ends.Count - 1; i >= 0; i--)
        {
            var (id, start, _) = best[ends[i]];
            var unknown = id == _unknown;
            if (unknown && _bytes is not null)
                Spell(piece[start..ends[i]], output);
            else if (!(unknown && afterUnknown))
                output.Add(id);
            afterUnknown = unknown;
        }
    }

    void Spell(ReadOnlySpan<char> text, List<int> output)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        foreach (var value in utf8)
            output.Add(_bytes![value] >= 0 ? _bytes[value] : _unknown);
    }

    readonly record struct Best(int Id, int Start, double Score);
}
