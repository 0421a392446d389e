using System.Runtime.InteropServices;

namespace Brickwork.Models.Running;

/// <summary>Which token stands in which row of a pass, at which position of which sequence, and which rows the caller wants back.</summary>
/// <remarks>Filled anew for every pass, in the memory of the passes before.</remarks>
sealed class RowLayout
{
    readonly List<int> _tokens = [];
    readonly List<Segment> _segments = [];
    readonly List<int> _outputRows = [];
    readonly List<BrickStrengths> _strengths = [];
    int[] _positions = [];

    public int Count => _tokens.Count;

    /// <summary>One for each row.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>One for each row.</summary>
    public ReadOnlyMemory<int> Positions => _positions.AsMemory(0, Count);

    /// <summary>The sequences, in row order, covering every row.</summary>
    public ReadOnlySpan<Segment> Segments => CollectionsMarshal.AsSpan(_segments);

    /// <summary>The lengths of whole sequences of which nothing is remembered, as in a training pass; null = there are segments.</summary>
    public int[]? Lengths { get; private set; }

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> OutputRows => CollectionsMarshal.AsSpan(_outputRows);

    /// <summary>Which of <see cref="Strengths"/> each row is under; −1 = the bricks' own.</summary>
    public SegmentTable Bricks { get; } = new();

    /// <summary>The strengths of bricks that sequences ask for.</summary>
    public ReadOnlySpan<BrickStrengths> Strengths => CollectionsMarshal.AsSpan(_strengths);

    /// <summary>Takes the next tokens of a sequence, as many as fit and can be computed before keys are given up.</summary>
    /// <param name="item">Whose tokens they are, following what it holds, and for which of them the output is wanted.</param>
    /// <param name="tokens">Those that are still to be fed.</param>
    /// <param name="capacity">Rows in a full pass.</param>
    /// <returns>How many were taken.</returns>
    public int Take(in BatchItem item, ReadOnlySpan<int> tokens, int capacity)
    {
        var (sequence, outputs) = (item.Sequence, item.Rows);
        var (first, position) = (Count, sequence.Length);
        var count = Math.Min(tokens.Length, capacity - first);
        count = Math.Min(count, sequence.Runner.Eviction?.RowsFrom(position) ?? count);
        var isPromptEnd = outputs == LogitRows.Last && count == tokens.Length && (item.Count > 1 || sequence.IsAmidPrompt);
        _segments.Add(new Segment(sequence, first, count, position, isPromptEnd));
        _tokens.AddRange(tokens[..count]);
        TakeStrengths(sequence.Bricks, position, count);
        if (_positions.Length < Count)
            Array.Resize(ref _positions, Math.Max(Count, 2 * _positions.Length));
        for (var row = 0; row < count; row++)
        {
            _positions[first + row] = position + row;
            if (outputs == LogitRows.All || (outputs == LogitRows.Last && row == tokens.Length - 1))
                _outputRows.Add(first + row);
        }
        return count;
    }

    /// <summary>Takes whole sequences, one after the other, from their first token on.</summary>
    /// <param name="batch">The output of every row with a target is wanted.</param>
    public void TakeWhole(TokenBatch batch)
    {
        Lengths = batch.Lengths;
        _tokens.AddRange(batch.Tokens);
        // Gradients need the positions after the pass: they are not written over by the next one.
        _positions = new int[Count];
        var row = 0;
        foreach (var length in batch.Lengths)
            for (var position = 0; position < length; position++, row++)
            {
                _positions[row] = position;
                if (batch.Targets[row] >= 0)
                    _outputRows.Add(row);
            }
    }

    void TakeStrengths(BrickStrengths? bricks, int position, int count)
    {
        if (bricks is null)
        {
            Bricks.Append(count, -1);
            return;
        }
        for (var done = 0; done < count;)
        {
            var (here, longest) = bricks.At(position + done);
            var rows = Math.Min(count - done, longest);
            Bricks.Append(rows, NumberOf(here));
            done += rows;
        }
    }

    int NumberOf(BrickStrengths strengths)
    {
        for (var number = 0; number < _strengths.Count; number++)
            if (ReferenceEquals(_strengths[number], strengths))
                return number;
        _strengths.Add(strengths);
        return _strengths.Count - 1;
    }

    /// <summary>Removes every row.</summary>
    public void Clear()
    {
        Lengths = null;
        Bricks.Clear();
        _strengths.Clear();
        _tokens.Clear();
        _segments.Clear();
        _outputRows.Clear();
    }
}
