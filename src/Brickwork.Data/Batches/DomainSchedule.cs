namespace Brickwork.Data.Batches;

/// <summary>Which domain the n-th sequence is of: every block of sequences holds each domain by its weight, in random order.</summary>
/// <remarks>A pure function of the seed and n, so that a number is all there is to save.</remarks>
sealed class DomainSchedule
{
    const int Block = 4096;

    readonly long _seed;
    readonly int[] _counts;
    readonly int[] _order = new int[Block];
    readonly int[] _ranks = new int[Block];
    long _block = -1;

    /// <param name="weights">Not negative; at least one is positive.</param>
    /// <param name="seed">Chooses the order.</param>
    public DomainSchedule(IReadOnlyList<double> weights, long seed)
    {
        _seed = seed;
        _counts = Shares(weights);
    }

    /// <summary>The domain of a sequence, and how many of that domain came before it.</summary>
    public (int Domain, long Rank) this[long sequence]
    {
        get
        {
            var block = sequence / Block;
            if (block != _block)
                Arrange(block);
            var place = (int)(sequence % Block);
            var domain = _order[place];
            return (domain, block * _counts[domain] + _ranks[place]);
        }
    }

    void Arrange(long block)
    {
        var at = 0;
        for (var domain = 0; domain < _counts.Length; domain++)
        {
            _order.AsSpan(at, _counts[domain]).Fill(domain);
            at += _counts[domain];
        }
        new SeededRandom(unchecked(_seed + block * 0x5851F42D4C957F2D)).Shuffle(_order.AsSpan());
        var seen = new int[_counts.Length];
        for (var place = 0; place < Block; place++)
            _ranks[place] = seen[_order[place]]++;
        _block = block;
    }

    // Largest remainders; a domain that is wanted at all comes at least once.
    static int[] Shares(IReadOnlyList<double> weights)
    {
        var total = weights.Sum();
        var exact = weights.Select(weight => weight / total * Block).ToArray();
        var counts = exact.Select(share => share > 0 ? Math.Max(1, (int)share) : 0).ToArray();
        var byRemainder = Enumerable.Range(0, counts.Length).Where(domain => exact[domain] > 0).OrderByDescending(domain => exact[domain] - counts[domain]).ToArray();
        for (var i = 0; counts.Sum() < Block; i++)
            counts[byRemainder[i % byRemainder.Length]]++;
        while (counts.Sum() > Block)
            counts[Array.IndexOf(counts, counts.Max())]--;
        return counts;
    }
}
