using Brickwork.Tokenizers.Bpe;

namespace Brickwork.Tokenizers.SentencePiece;

/// <summary>SentencePiece's BPE: neighbours merge into the token of the highest score; what is left over is spelled by bytes.</summary>
sealed class SentencePieceModel(Vocabulary vocabulary, float[] scores, int? unknown) : ITokenModel
{
    readonly int[] _bytes = vocabulary.ByteTokens();

    public void Encode(ReadOnlySpan<char> piece, List<int> output)
    {
        if (piece.IsEmpty)
            return;
        var symbols = new Symbol[piece.Length];
        var count = Characters(piece, symbols);
        count = PairMerger.Run(symbols.AsSpan(0, count), new ScoreRule(vocabulary, scores, piece));
        foreach (var symbol in symbols.AsSpan(0, count))
        {
            var text = piece.Slice(symbol.Start, symbol.Length);
            if (vocabulary.TryFind(text, out var id))
                output.Add(id);
            else
                Spell(text, output);
        }
    }

    static int Characters(ReadOnlySpan<char> piece, Symbol[] symbols)
    {
        var count = 0;
        for (var start = 0; start < piece.Length;)
        {
            var length = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            symbols[count++] = new Symbol(-1, start, length);
            start += length;
        }
        return count;
    }

    void Spell(ReadOnlySpan<char> text, List<int> output)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                var id = _bytes[value] >= 0 ? _bytes[value] : unknown ?? -1;
                if (id < 0)
                    Faults.NoTokenForByte(value);
                output.Add(id);
            }
        }
    }

    readonly ref struct ScoreRule(Vocabulary vocabulary, float[] scores, ReadOnlySpan<char> text) : IPairRule
    {
        readonly ReadOnlySpan<char> _text = text;

        public bool TryPair(in Symbol left, in Symbol right, out int order, out int id)
        {
            order = 0;
            if (!vocabulary.TryFind(_text.Slice(left.Start, left.Length + right.Length), out id))
                return false;
            order = DescendingOrder(scores[id]);
            return true;
        }

        // Floats sort like their bits, once the bits of the negative ones are turned round; the complement sorts the highest first.
        static int DescendingOrder(float score)
        {
            var bits = BitConverter.SingleToInt32Bits(score + 0f);
            return ~(bits >= 0 ? bits : bits ^ int.MaxValue);
        }
    }
}
