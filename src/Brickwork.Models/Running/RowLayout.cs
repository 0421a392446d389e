using System.Runtime.InteropServices;
using Brickwork.Models.Parts.Adapters;

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

    /// <summary>The rows of tokens that bricks put before texts.</summary>
    public VirtualTokens Virtual { get; } = new();

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
        var (first, position) = (Count, sequence.Position);
        var count = Math.Min(tokens.Length, capacity - first);
        count = Math.Min(count, sequence.Runner.Eviction?.RowsFrom(position) ?? count);
        var isPromptEnd = outputs == LogitRows.Last && count == tokens.Length && (item.Count > 1 || sequence.IsAmidPrompt);
        _segments.Add(new Segment(sequence, first, count, position, isPromptEnd));
        _tokens.AddRange(tokens[..count]);
        TakeStrengths(sequence.Bricks, sequence.Length, count);
        MakeRoom();
        for (var row = 0; row < count; row++)
        {
            _positions[first + row] = position + row;
            if (outputs == LogitRows.All || (outputs == LogitRows.Last && row == tokens.Length - 1))
                _outputRows.Add(first + row);
        }
        return count;
    }

    /// <summary>Takes the tokens that bricks put before a sequence, which has not begun.</summary>
    public void TakeVirtual(Sequence sequence, IEnumerable<VirtualRows> bricks)
    {
        var first = Count;
        AddVirtual(bricks);
        _segments.Add(new Segment(sequence, first, Count - first, 0));
        TakeStrengths(sequence.Bricks, 0, Count - first);
        MakeRoom();
        for (var row = first; row < Count; row++)
            _positions[row] = row - first;
    }

    /// <summary>Takes whole sequences, one after the other, from their first token on.</summary>
    /// <param name="batch">The output of every row with a target is wanted.</param>
    /// <param name="bricks">Those that put tokens before each.</param>
    public void TakeWhole(TokenBatch batch, IReadOnlyList<VirtualRows> bricks)
    {
        var before = bricks.Sum(brick => brick.Values.Rows);
        Lengths = [.. batch.Lengths.Select(length => before + length)];
        // Gradients need the positions after the pass: they are not written over by the next one.
        _positions = new int[Lengths.Sum()];
        var (row, token) = (0, 0);
        foreach (var length in Lengths)
        {
            AddVirtual(bricks);
            _tokens.AddRange(batch.Tokens.AsSpan(token, length - before));
            for (var position = 0; position < length; position++, row++)
            {
                _positions[row] = position;
                if (position >= before && batch.Targets[token++] >= 0)
                    _outputRows.Add(row);
            }
        }
    }

    void AddVirtual(IEnumerable<VirtualRows> bricks)
    {
        foreach (var brick in bricks)
        {
            Virtual.Add(brick.Brick, Count, brick.Values.Rows);
            // Any token of the vocabulary: the brick's rows take the place of what follows from it.
            CollectionsMarshal.SetCount(_tokens, Count + brick.Values.Rows);
            CollectionsMarshal.AsSpan(_tokens)[^brick.Values.Rows..].Clear();
        }
    }

    void MakeRoom()
    {
        if (_positions.Length < Count)
            Array.Resize(ref _positions, Math.Max(Count, 2 * _positions.Length));
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
        Virtual.Clear();
        Bricks.Clear();
        _strengths.Clear();
        _tokens.Clear();
        _segments.Clear();
        _outputRows.Clear();
    }
}
