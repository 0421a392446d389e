using System.Buffers;

namespace Brickwork.Tokenizers.Bpe;

/// <summary>What a BPE model does with characters that are no symbols, and how it marks the parts of a word.</summary>
sealed record BpeOptions
{
    public int? Unknown { get; init; }

    /// <summary>Whether neighbouring unknown characters share one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>The tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, or null where the model does not spell by bytes.</summary>
    public int[]? ByteTokens { get; init; }

    public bool IgnoreMerges { get; init; }

    public string ContinuingPrefix { get; init; } = "";

    public string EndOfWordSuffix { get; init; } = "";
}

/// <summary>Byte pair encoding (Sennrich et al. 2016) of one word, over characters of the vocabulary's alphabet.</summary>
sealed class BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options) : ITokenModel
{
    const int OnStack = 64;

    public void Encode(ReadOnlySpan<char> piece, List<int> output)
    {
        if (piece.IsEmpty)
            return;
        if (options.IgnoreMerges && vocabulary.TryFind(piece, out var whole))
        {
            output.Add(whole);
            return;
        }
        var rented = piece.Length > OnStack ? ArrayPool<Symbol>.Shared.Rent(piece.Length) : null;
        var symbols = rented ?? stackalloc Symbol[OnStack];
        symbols = symbols[..Characters(piece, symbols)];
        symbols = symbols[..PairMerger.Run(symbols, merges)];
        Emit(piece, symbols, output);
        if (rented is not null)
            ArrayPool<Symbol>.Shared.Return(rented);
    }

    int Characters(ReadOnlySpan<char> piece, Span<Symbol> symbols)
    {
        var count = 0;
        for (var start = 0; start < piece.Length;)
        {
            var length = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            var text = piece.Slice(start, length);
            var marked = options.ContinuingPrefix.Length > 0 && start > 0 || options.EndOfWordSuffix.Length > 0 && start + length == piece.Length;
            var id = marked ? merges.Find(Mark(text, start == 0, start + length == piece.Length)) : merges.Find(text);
            symbols[count++] = new Symbol(id, start, length);
            start += length;
        }
        return count;
    }

    string Mark(ReadOnlySpan<char> text, bool first, bool last) =>
        string.Concat(first ? "" : options.ContinuingPrefix, text, last ? options.EndOfWordSuffix : "");

    void Emit(ReadOnlySpan<char> piece, ReadOnlySpan<Symbol> symbols, List<int> output)
    {
        var afterUnknown = false;
        foreach (var symbol in symbols)
        {
            var count = output.Count;
            if (symbol.Id >= 0 && symbol.Id < vocabulary.Count)
                output.Add(symbol.Id);
            else if (!TrySpell(piece.Slice(symbol.Start, symbol.Length), symbol.Id >= 0, output))
            {
                output.RemoveRange(count, output.Count - count);
                if (options.Unknown is { } unknown && !(afterUnknown && options.FuseUnknown))
                    output.Add(unknown);
                afterUnknown = true;
                continue;
            }
            afterUnknown = false;
        }
    }

    // What merged into no token falls apart into its characters, and those that are no tokens into their bytes.
    bool TrySpell(ReadOnlySpan<char> text, bool merged, List<int> output)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Span<char> letters = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (merged && vocabulary.TryFind(letters[..rune.EncodeToUtf16(letters)], out var id))
                output.Add(id);
            else if (!TrySpell(utf8[..rune.EncodeToUtf8(utf8)], output))
                return false;
        }
        return true;
    }

    bool TrySpell(ReadOnlySpan<byte> utf8, List<int> output)
    {
        foreach (var value in utf8)
        {
            if (options.ByteTokens is not { } bytes || bytes[value] < 0)
                return false;
            output.Add(bytes[value]);
        }
        return true;
    }
}
