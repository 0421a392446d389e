using System.Runtime.InteropServices;

namespace Brickwork;

/// <summary>Tokens to feed in one pass: some for each of several sequences. Cleared and filled again, it needs no new memory.</summary>
public sealed class Batch
{
    readonly List<BatchItem> _items = [];
    readonly List<int> _tokens = [];

    internal ReadOnlySpan<BatchItem> Items => CollectionsMarshal.AsSpan(_items);

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
        _items.Add(new BatchItem(sequence, _tokens.Count, tokens.Length, rows));
        _tokens.AddRange(tokens);
        return this;
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        _items.Clear();
        _tokens.Clear();
    }

    internal ReadOnlySpan<int> TokensOf(in BatchItem item) => CollectionsMarshal.AsSpan(_tokens).Slice(item.First, item.Count);
}

/// <summary>The next tokens of one sequence.</summary>
/// <param name="Sequence">Whose tokens they are.</param>
/// <param name="First">Where they begin among all tokens of the batch.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Rows">For which of them the output is wanted.</param>
readonly record struct BatchItem(Sequence Sequence, int First, int Count, LogitRows Rows)
{
    /// <summary>How many rows of output that makes.</summary>
    public int Outputs => Rows switch { LogitRows.All => Count, LogitRows.Last => 1, _ => 0 };
}
