namespace Brickwork.Tokenizers.Bpe;

/// <summary>The merges of a BPE model over symbol numbers; the first merge is the best.</summary>
sealed class MergeTable : IPairRule
{
    readonly Dictionary<long, (int Rank, int Result)> _merges;
    readonly Dictionary<string, int> _extra = new(StringComparer.Ordinal);
    readonly Vocabulary _vocabulary;

    /// <param name="vocabulary">Texts and ids.</param>
    /// <param name="merges">Each <c>left right</c>.</param>
    /// <param name="continuingPrefix">What marks a symbol that continues a word (<c>##</c>) and vanishes in a merge.</param>
    public MergeTable(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, string continuingPrefix)
    {
        _vocabulary = vocabulary;
        _merges = new Dictionary<long, (int, int)>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            var tail = continuingPrefix.Length > 0 && right.StartsWith(continuingPrefix, StringComparison.Ordinal) ? right.AsSpan(continuingPrefix.Length) : right;
            _merges.TryAdd(Key(Symbol(left), Symbol(right)), (rank, Symbol(string.Concat(left, tail))));
        }
    }

    /// <summary>Splits <c>left right</c>; a merge of the space itself starts with a space.</summary>
    public static (string Left, string Right)[] Parse(IReadOnlyList<string> merges)
    {
        var pairs = new (string, string)[merges.Count];
        for (var i = 0; i < pairs.Length; i++)
        {
            var merge = merges[i];
            var space = merge.Length > 1 ? merge.IndexOf(' ', 1) : -1;
            if (space < 0 || space == merge.Length - 1)
                throw Faults.Tokenizer($"merge {i} is '{merge}'; expected two symbols with a space between them.");
            pairs[i] = (merge[..space], merge[(space + 1)..]);
        }
        return pairs;
    }

    /// <summary>The number of a symbol that is a token or takes part in a merge, or −1.</summary>
    public int Find(ReadOnlySpan<char> text) =>
        _vocabulary.TryFind(text, out var id) || _extra.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out id) ? id : -1;

    public bool TryPair(in Symbol left, in Symbol right, out int order, out int id)
    {
        var found = _merges.TryGetValue(Key(left.Id, right.Id), out var merge);
        (order, id) = merge;
        return found;
    }

    static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    // A symbol that is no token can still be a step on the way to one; it gets a number behind the vocabulary's.
    int Symbol(string text)
    {
        if (_vocabulary.TryFind(text, out var id) || _extra.TryGetValue(text, out id))
            return id;
        id = _vocabulary.Count + _extra.Count;
        _extra.Add(text, id);
        return id;
    }
}
