namespace Brickwork.Tokenizers.Bpe;

/// <summary>Two neighbours that may become one symbol.</summary>
interface IPairRule
{
    /// <summary>Whether the pair merges; the lowest <paramref name="order"/> goes first, ties from the left.</summary>
    bool TryPair(in Symbol left, in Symbol right, out int order, out int id);
}

/// <summary>A stretch of the text that is one symbol so far.</summary>
/// <param name="Id">The symbol, or −1 for a character that is none.</param>
/// <param name="Start">Where it starts, in UTF-16 units.</param>
/// <param name="Length">Its length; 0 once it was swallowed by its left neighbour.</param>
record struct Symbol(int Id, int Start, int Length)
{
    public int Previous { get; set; }

    public int Next { get; set; }
}

/// <summary>Merges neighbours, best pair first, until none is left: O(n log n) for n symbols.</summary>
static class PairMerger
{
    /// <summary>Merges in place.</summary>
    /// <returns>How many symbols are left, at the front of <paramref name="symbols"/>.</returns>
    public static int Run<TRule>(Span<Symbol> symbols, TRule rule) where TRule : IPairRule, allows ref struct
    {
        Link(symbols);
        var queue = new PriorityQueue<Candidate, long>(symbols.Length);
        for (var left = 0; left + 1 < symbols.Length; left++)
            Offer(symbols, left, left + 1, rule, queue);
        while (queue.TryDequeue(out var pair, out _))
        {
            ref var left = ref symbols[pair.Left];
            ref var right = ref symbols[pair.Right];
            if (left.Length != pair.LeftLength || right.Length != pair.RightLength || left.Next != pair.Right)
                continue;
            left.Id = pair.Id;
            left.Length += right.Length;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0)
                symbols[left.Next].Previous = pair.Left;
            Offer(symbols, left.Previous, pair.Left, rule, queue);
            Offer(symbols, pair.Left, left.Next, rule, queue);
        }
        return Compact(symbols);
    }

    static void Link(Span<Symbol> symbols)
    {
        for (var i = 0; i < symbols.Length; i++)
        {
            symbols[i].Previous = i - 1;
            symbols[i].Next = i + 1 < symbols.Length ? i + 1 : -1;
        }
    }

    static void Offer<TRule>(Span<Symbol> symbols, int left, int right, TRule rule, PriorityQueue<Candidate, long> queue)
        where TRule : IPairRule, allows ref struct
    {
        if (left >= 0 && right >= 0 && rule.TryPair(symbols[left], symbols[right], out var order, out var id))
            queue.Enqueue(new Candidate(left, right, symbols[left].Length, symbols[right].Length, id), ((long)order << 32) | (uint)left);
    }

    static int Compact(Span<Symbol> symbols)
    {
        var count = 0;
        foreach (var symbol in symbols)
        {
            if (symbol.Length > 0)
                symbols[count++] = symbol;
        }
        return count;
    }

    readonly record struct Candidate(int Left, int Right, int LeftLength, int RightLength, int Id);
}
