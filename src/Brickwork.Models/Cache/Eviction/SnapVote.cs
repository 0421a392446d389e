namespace Brickwork.Models.Cache.Eviction;

/// <summary>Which entries of a head win by the votes of a prompt's last tokens.</summary>
static class SnapVote
{
    /// <param name="positions">Where each entry stood in the text.</param>
    /// <param name="votes">The attention that each got from the voters.</param>
    /// <param name="budget">How many stay, the voters included.</param>
    /// <returns>Whether each entry stays.</returns>
    public static bool[] Choose(ReadOnlySpan<int> positions, ReadOnlySpan<double> votes, int budget)
    {
        var places = positions.ToArray();
        var order = Enumerable.Range(0, places.Length).OrderBy(entry => places[entry]).ToArray();
        var (candidates, voters) = (order[..^SnapEviction.Window], order[^SnapEviction.Window..]);
        var pooled = Pool(candidates, votes);
        var stays = new bool[places.Length];
        foreach (var entry in voters)
            stays[entry] = true;
        foreach (var winner in Enumerable.Range(0, pooled.Length).OrderByDescending(index => pooled[index]).Take(budget - SnapEviction.Window))
            stays[candidates[winner]] = true;
        return stays;
    }

    /// <summary>The largest vote among an entry and its neighbours in the text.</summary>
    static double[] Pool(int[] candidates, ReadOnlySpan<double> votes)
    {
        const int reach = SnapEviction.Pooling / 2;
        var pooled = new double[candidates.Length];
        for (var index = 0; index < pooled.Length; index++)
            for (var near = Math.Max(0, index - reach); near <= Math.Min(pooled.Length - 1, index + reach); near++)
                pooled[index] = Math.Max(pooled[index], votes[candidates[near]]);
        return pooled;
    }
}
