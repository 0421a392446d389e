namespace Brickwork.Models.Running;

/// <summary>Collects rows of a batch until a chunk is full.</summary>
/// <param name="capacity">Rows in a full chunk.</param>
sealed class ChunkBuilder(int capacity)
{
    readonly List<int> _tokens = [];
    readonly List<Segment> _segments = [];
    readonly List<int> _outputRows = [];

    public bool IsFull => _tokens.Count >= capacity;

    public bool IsEmpty => _tokens.Count == 0;

    /// <summary>Takes tokens of <paramref name="item"/> from <paramref name="from"/> on, as many as fit.</summary>
    /// <returns>How many were taken.</returns>
    public int Take(BatchItem item, int from, int position)
    {
        var count = Math.Min(item.Tokens.Length - from, capacity - _tokens.Count);
        var first = _tokens.Count;
        _segments.Add(new Segment(item.Sequence, first, count, position));
        _tokens.AddRange(item.Tokens.AsSpan(from, count));
        if (item.Rows == LogitRows.All)
            _outputRows.AddRange(Enumerable.Range(first, count));
        else if (item.Rows == LogitRows.Last && from + count == item.Tokens.Length)
            _outputRows.Add(first + count - 1);
        return count;
    }

    /// <summary>The rows taken; the builder is empty afterwards.</summary>
    public RowLayout Finish()
    {
        var rows = new RowLayout([.. _tokens], [.. _segments], [.. _outputRows]);
        _tokens.Clear();
        _segments.Clear();
        _outputRows.Clear();
        return rows;
    }
}
