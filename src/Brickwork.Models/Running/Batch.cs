namespace Brickwork;

/// <summary>Tokens to feed in one pass: some for each of several sequences.</summary>
public sealed class Batch
{
    readonly List<BatchItem> _items = [];

    internal IReadOnlyList<BatchItem> Items => _items;

    /// <summary>Adds the next tokens of a sequence. A sequence may stand in a batch once.</summary>
    /// <exception cref="ArgumentException">No tokens, or the sequence is in the batch already.</exception>
    public Batch Add(Sequence sequence, ReadOnlySpan<int> tokens, LogitRows rows = LogitRows.Last)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        if (tokens.IsEmpty)
            throw new ArgumentException("There are no tokens to feed.", nameof(tokens));
        foreach (var item in _items)
            if (ReferenceEquals(item.Sequence, sequence))
                throw new ArgumentException("The sequence is in the batch already.", nameof(sequence));
        _items.Add(new BatchItem(sequence, tokens.ToArray(), rows));
        return this;
    }

    /// <summary>Removes everything.</summary>
    public void Clear() => _items.Clear();
}

/// <summary>The next tokens of one sequence.</summary>
sealed record BatchItem(Sequence Sequence, int[] Tokens, LogitRows Rows);
