namespace Brickwork.Inference.Sampling;

/// <summary>The last tokens of a text, and how often each of them occurs there.</summary>
sealed class RecentTokens(int window)
{
    // Enough for every usual window from the start; a longer one takes memory as the text grows.
    const int Reserved = 1024;

    readonly Queue<int> _tokens = new(Math.Min(window, Reserved));
    readonly Dictionary<int, int> _counts = new(Math.Min(window, Reserved));

    internal Dictionary<int, int> Counts => _counts;

    internal int Window => window;

    internal void Add(int id)
    {
        if (_tokens.Count == window)
            Forget(_tokens.Dequeue());
        _tokens.Enqueue(id);
        _counts[id] = _counts.GetValueOrDefault(id) + 1;
    }

    internal void Clear()
    {
        _tokens.Clear();
        _counts.Clear();
    }

    void Forget(int id)
    {
        if (--_counts[id] == 0)
            _counts.Remove(id);
    }
}
