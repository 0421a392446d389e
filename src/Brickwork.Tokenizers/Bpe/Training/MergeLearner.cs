using System.Runtime.InteropServices;
using System.Text;

namespace Brickwork.Tokenizers.Bpe.Training;

/// <summary>Finds the most frequent pair of neighbours and merges it everywhere. Only the words that hold the pair are touched.</summary>
/// <remarks>Counts that fall are corrected when their pair comes to the top of the queue; new pairs are queued when they are made.</remarks>
sealed class MergeLearner
{
    readonly int[][] _words;
    readonly long[] _counts;
    readonly List<byte[]> _symbols = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
    readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    readonly Dictionary<(int Left, int Right), Pair> _pairs = [];
    readonly PriorityQueue<(int Left, int Right), (long Count, int Left, int Right)> _queue;
    readonly HashSet<(int Left, int Right)> _fresh = [];
    readonly int _longest;

    public MergeLearner(IReadOnlyList<CountedWord> words, int longestToken)
    {
        _longest = longestToken;
        _words = [.. words.Select(word => Array.ConvertAll(word.Bytes, value => (int)value))];
        _counts = [.. words.Select(word => word.Count)];
        _queue = new(Comparer<(long Count, int Left, int Right)>.Create(BestFirst));
        for (var word = 0; word < _words.Length; word++)
        {
            for (var at = 0; at + 1 < _words[word].Length; at++)
                Add(word, at);
        }
        Queue();
    }

    /// <summary>Merges the best pair.</summary>
    /// <returns>Whether there was one that is frequent enough.</returns>
    public bool TryMerge(long minimum, out byte[] left, out byte[] right)
    {
        left = right = [];
        while (_queue.TryDequeue(out var pair, out var order))
        {
            if (!_pairs.TryGetValue(pair, out var state))
                continue;
            if (state.Count != order.Count)
            {
                // Other merges took occurrences since it was queued.
                if (state.Count > 0 && state.Count < order.Count)
                    _queue.Enqueue(pair, (state.Count, pair.Left, pair.Right));
                continue;
            }
            if (state.Count < minimum)
                return false;
            (left, right) = (_symbols[pair.Left], _symbols[pair.Right]);
            if (left.Length + right.Length > _longest)
                continue;
            Merge(pair, state);
            return true;
        }
        return false;
    }

    void Merge((int Left, int Right) pair, Pair state)
    {
        var symbol = Symbol([.. _symbols[pair.Left], .. _symbols[pair.Right]]);
        foreach (var word in CollectionsMarshal.AsSpan(state.Words))
            Merge(word, pair, symbol);
        _pairs.Remove(pair);
        Queue();
    }

    // Two pairs may spell the same bytes, which are one symbol.
    int Symbol(byte[] bytes)
    {
        ref var symbol = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, Encoding.Latin1.GetString(bytes), out var known);
        if (!known)
        {
            symbol = _symbols.Count;
            _symbols.Add(bytes);
        }
        return symbol;
    }

    void Merge(int word, (int Left, int Right) pair, int symbol)
    {
        var symbols = _words[word];
        if (!Holds(symbols, pair))
            return;
        for (var at = 0; at + 1 < symbols.Length; at++)
            _pairs[(symbols[at], symbols[at + 1])].Count -= _counts[word];
        var count = 0;
        for (var at = 0; at < symbols.Length; at++)
        {
            var merges = at + 1 < symbols.Length && symbols[at] == pair.Left && symbols[at + 1] == pair.Right;
            symbols[count++] = merges ? symbol : symbols[at];
            at += merges ? 1 : 0;
        }
        _words[word] = symbols[..count];
        for (var at = 0; at + 1 < count; at++)
        {
            if (symbols[at] == symbol || symbols[at + 1] == symbol)
                Add(word, at);
            else
                _pairs[(symbols[at], symbols[at + 1])].Count += _counts[word];
        }
    }

    void Add(int word, int at)
    {
        var pair = (_words[word][at], _words[word][at + 1]);
        ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out var known);
        if (!known)
            state = new Pair();
        state!.Count += _counts[word];
        if (state.Words.Count == 0 || state.Words[^1] != word)
            state.Words.Add(word);
        _fresh.Add(pair);
    }

    void Queue()
    {
        foreach (var pair in _fresh)
            _queue.Enqueue(pair, (_pairs[pair].Count, pair.Left, pair.Right));
        _fresh.Clear();
    }

    int BestFirst((long Count, int Left, int Right) first, (long Count, int Left, int Right) second)
    {
        var order = second.Count.CompareTo(first.Count);
        if (order == 0)
            order = _symbols[second.Left].AsSpan().SequenceCompareTo(_symbols[first.Left]);
        return order != 0 ? order : _symbols[second.Right].AsSpan().SequenceCompareTo(_symbols[first.Right]);
    }

    static bool Holds(int[] symbols, (int Left, int Right) pair)
    {
        for (var at = 0; at + 1 < symbols.Length; at++)
        {
            if (symbols[at] == pair.Left && symbols[at + 1] == pair.Right)
                return true;
        }
        return false;
    }

    sealed class Pair
    {
        public long Count { get; set; }

        public List<int> Words { get; } = [];
    }
}
