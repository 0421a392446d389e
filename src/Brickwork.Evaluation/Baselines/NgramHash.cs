namespace Brickwork.Evaluation.Baselines;

/// <summary>Numbers for runs of tokens, so that runs of any length can be sorted and looked up. Two runs of 10^8 share one with a probability of less than a thousandth.</summary>
static class NgramHash
{
    public static ulong Of(ReadOnlySpan<int> tokens)
    {
        var hash = (ulong)tokens.Length;
        foreach (var token in tokens)
        {
            hash = (hash ^ (uint)token) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 29;
        }
        return hash * 0xBF58476D1CE4E5B9UL;
    }

    /// <summary>Calls an action once for each different run: how often it came, and where one of them starts.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="starts">Where the runs start; put in the order of their hashes.</param>
    /// <param name="length">Their length.</param>
    /// <param name="each">Takes the number of runs and a start.</param>
    public static void Group(int[] tokens, int[] starts, int length, Action<long, int> each)
    {
        var hashes = new ulong[starts.Length];
        for (var i = 0; i < starts.Length; i++)
            hashes[i] = Of(tokens.AsSpan(starts[i], length));
        Array.Sort(hashes, starts);
        for (var first = 0; first < starts.Length;)
        {
            var next = first + 1;
            while (next < starts.Length && hashes[next] == hashes[first])
                next++;
            each(next - first, starts[first]);
            first = next;
        }
    }
}
