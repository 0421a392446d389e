namespace Brickwork.Data.Batches;

/// <summary>The documents of a domain, put one behind the other in a new order for every epoch and cut into sequences of one length.</summary>
/// <remarks>The k-th sequence is a pure function of the seed and k. A domain shorter than a sequence starts again within it.</remarks>
sealed class PackedDomain
{
    readonly TokenizedCorpus _corpus;
    readonly TokenizedDocuments _documents;
    readonly int _length;
    readonly long _seed;
    readonly int[] _order, _windows;
    readonly long[] _ends;
    long _epoch = -1;

    public PackedDomain(TokenizedCorpus corpus, TokenizedDocuments documents, int length, long seed)
    {
        (_corpus, _documents, _length, _seed) = (corpus, documents, length, seed);
        _order = new int[documents.Count];
        _ends = new long[documents.Count];
        _windows = new int[(int)Math.Max(1, documents.Tokens / length)];
    }

    /// <summary>Sequences in an epoch.</summary>
    public int Count => _windows.Length;

    /// <summary>Fills a sequence and the token behind it.</summary>
    /// <param name="sequence">Counted over all epochs.</param>
    /// <param name="tokens">[length + 1].</param>
    public void Fill(long sequence, Span<int> tokens)
    {
        var epoch = sequence / Count;
        if (epoch != _epoch)
            Arrange(epoch);
        var at = (long)_windows[sequence % Count] * _length;
        while (tokens.Length > 0)
        {
            at %= _documents.Tokens;
            var document = Array.BinarySearch(_ends, at + 1);
            document = document < 0 ? ~document : document;
            var inside = _documents.Lengths[_order[document]] - (_ends[document] - at);
            var count = (int)Math.Min(tokens.Length, _ends[document] - at);
            _corpus.Copy(_documents.Starts[_order[document]] + inside, tokens[..count]);
            tokens = tokens[count..];
            at += count;
        }
    }

    void Arrange(long epoch)
    {
        var random = new SeededRandom(unchecked(_seed ^ (epoch + 1) * 0x2545F4914F6CDD1D));
        Shuffled(_order, random);
        Shuffled(_windows, random);
        var end = 0L;
        for (var i = 0; i < _order.Length; i++)
            _ends[i] = end += _documents.Lengths[_order[i]];
        _epoch = epoch;
    }

    static void Shuffled(int[] numbers, SeededRandom random)
    {
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = i;
        random.Shuffle(numbers.AsSpan());
    }
}
