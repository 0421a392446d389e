using System.Runtime.InteropServices;
using Brickwork.Kernels.Attention;
using Brickwork.Tensors.Storage;

namespace Brickwork.Models.Cache;

/// <summary>One call of attention, cut into units: 32 rows of one sequence that share a key-value head.</summary>
/// <remarks>Made anew for every call, in the memory of the calls before: <see cref="Begin"/>, then <see cref="Add"/> every sequence.</remarks>
/// <param name="compute">Threads and path.</param>
/// <param name="arena">Scratch memory.</param>
sealed class AttentionPlan(Compute compute, Arena arena)
{
    readonly List<AttentionSegment> _segments = [];
    readonly List<int> _firstUnits = [];
    AttentionOptions? _options;
    int _unitRows;

    public Compute Compute { get; } = compute;

    public Arena Arena { get; } = arena;

    public InstructionSet Path => Compute.InstructionSet;

    public Tensor Queries { get; private set; }

    /// <summary>What rows look at sinks with, once their window has left the start; the queries themselves where nothing turns.</summary>
    public Tensor SinkQueries { get; set; }

    public ReadOnlySpan<AttentionSegment> Segments => CollectionsMarshal.AsSpan(_segments);

    public AttentionOptions Options => _options ?? throw new InvalidOperationException("No attention is under way.");

    public Tensor Output { get; private set; }

    /// <summary>How many units there are.</summary>
    public int Units { get; private set; }

    /// <summary>Blocks of 512 positions in the longest context.</summary>
    public int ContextBlocks { get; private set; }

    /// <summary>Floats of a sum of values.</summary>
    public int Stride { get; private set; }

    /// <summary>Floats that the sums of one unit take.</summary>
    public int PartialFloats => PartialAttention.Floats(_unitRows, Stride);

    /// <summary>Starts a plan without sequences.</summary>
    /// <param name="queries">[T, H·Kw].</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="output">[T, H·Vw]; rows of no segment are left as they are.</param>
    public void Begin(in Tensor queries, AttentionOptions options, in Tensor output)
    {
        options.Validate();
        if (queries.Columns != options.Heads * options.KeyWidth || output.Columns != options.Heads * options.ValueWidth
            || queries.Rows != output.Rows)
            throw new ArgumentException($"Queries {queries} and output {output} do not fit {options}.", nameof(queries));
        Clear();
        (Queries, SinkQueries, _options, Output) = (queries, queries, options, output);
    }

    /// <summary>Adds the rows of one sequence, whose keys and values must have been appended.</summary>
    public void Add(in AttentionSegment segment)
    {
        Validate(segment);
        _segments.Add(segment);
        _firstUnits.Add(Units);
        Units += BlocksOf(segment) * Options.KvHeads;
        _unitRows = Math.Max(_unitRows, Math.Min(PagedAttention.BlockRows, segment.Rows * Options.Group));
        var lastBlock = (segment.Cache.Length - 1) / AttentionKernel.ContextBlock;
        ContextBlocks = Math.Max(ContextBlocks, lastBlock + 1 - segment.Cache.FirstPosition / AttentionKernel.ContextBlock);
        Stride = segment.Cache.Layout.ValueStride;
    }

    /// <summary>Lets go of everything but the memory.</summary>
    public void Clear()
    {
        _segments.Clear();
        _firstUnits.Clear();
        (Queries, SinkQueries, _options, Output) = (default, default, null, default);
        (Units, ContextBlocks, Stride, _unitRows) = (0, 0, 0, 0);
    }

    /// <summary>Unit <paramref name="index"/>; those that look back furthest come first, so that none of them is left for the end.</summary>
    public AttentionUnit Unit(int index)
    {
        var segment = _firstUnits.BinarySearch(index);
        segment = segment < 0 ? ~segment - 1 : segment;
        while (segment + 1 < _firstUnits.Count && _firstUnits[segment + 1] == index)
            segment++;
        var inSegment = index - _firstUnits[segment];
        var blocks = BlocksOf(Segments[segment]);
        var block = blocks - 1 - inSegment / Options.KvHeads;
        var rows = Math.Min(PagedAttention.BlockRows, Segments[segment].Rows * Options.Group - block * PagedAttention.BlockRows);
        return new AttentionUnit(Segments[segment], inSegment % Options.KvHeads, block * PagedAttention.BlockRows, rows);
    }

    /// <summary>The rows of a unit: the query heads of a group side by side, token by token.</summary>
    public void Rows(in AttentionUnit unit, Span<AttentionRow> rows)
    {
        for (var i = 0; i < unit.Rows; i++)
        {
            var (token, inGroup) = ((unit.FirstRow + i) / Options.Group, (unit.FirstRow + i) % Options.Group);
            var head = unit.KvHead * Options.Group + inGroup;
            var position = unit.Segment.FirstPosition + token;
            rows[i] = new AttentionRow(
                (unit.Segment.FirstRow + token) * Queries.Columns + head * Options.KeyWidth, head, position,
                unit.Segment.FirstSeenBy(position, Options.Mask), Options.Mask.End(position, unit.Segment.Cache.Length));
        }
    }

    void Validate(in AttentionSegment segment)
    {
        var shape = segment.Cache.Shape;
        if (shape.KvHeads != Options.KvHeads || shape.KeyWidth != Options.KeyWidth || shape.ValueWidth != Options.ValueWidth)
            throw new ArgumentException($"A cache of {shape} does not fit {Options}.", nameof(segment));
        if (segment.FirstRow < 0 || segment.Rows < 0 || segment.FirstRow > Queries.Rows - segment.Rows
            || segment.FirstPosition < 0 || segment.FirstPosition > segment.Cache.Length - segment.Rows)
            throw new ArgumentException($"{segment} leaves {Queries.Rows} rows or {segment.Cache.Length} cached positions.", nameof(segment));
        if (segment.Rows > 0 && segment.FirstSeenBy(segment.FirstPosition, Options.Mask) < segment.Cache.FirstPosition)
            throw new InvalidOperationException(
                $"{Options.Mask} looks at position {segment.FirstSeenBy(segment.FirstPosition, Options.Mask)}; "
                + $"the cache begins at {segment.Cache.FirstPosition}.");
    }

    int BlocksOf(in AttentionSegment segment) =>
        (segment.Rows * Options.Group + PagedAttention.BlockRows - 1) / PagedAttention.BlockRows;
}

/// <summary>Rows of one sequence that share a key-value head.</summary>
/// <param name="Segment">The sequence.</param>
/// <param name="KvHead">The key-value head.</param>
/// <param name="FirstRow">The first row, counted over tokens and heads of the group.</param>
/// <param name="Rows">How many.</param>
readonly record struct AttentionUnit(AttentionSegment Segment, int KvHead, int FirstRow, int Rows);
