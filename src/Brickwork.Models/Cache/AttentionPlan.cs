using Brickwork.Kernels.Attention;

namespace Brickwork.Models.Cache;

/// <summary>One call of attention, cut into units: 32 rows of one sequence that share a key-value head.</summary>
sealed class AttentionPlan
{
    readonly int[] _firstUnits;
    readonly int _unitRows;

    public AttentionPlan(
        InstructionSet path, in Tensor queries, AttentionSegment[] segments, AttentionOptions options, in Tensor output)
    {
        (Path, Queries, Segments, Options, Output) = (path, queries, segments, options, output);
        _firstUnits = new int[segments.Length + 1];
        for (var i = 0; i < segments.Length; i++)
        {
            _firstUnits[i + 1] = _firstUnits[i] + BlocksOf(segments[i]) * options.KvHeads;
            _unitRows = Math.Max(_unitRows, Math.Min(PagedAttention.BlockRows, segments[i].Rows * options.Group));
            var lastBlock = (segments[i].Cache.Length - 1) / AttentionKernel.ContextBlock;
            ContextBlocks = Math.Max(ContextBlocks, lastBlock + 1 - segments[i].Cache.FirstPosition / AttentionKernel.ContextBlock);
        }
        Stride = segments.Length == 0 ? 0 : segments[0].Cache.Layout.ValueStride;
    }

    public InstructionSet Path { get; }

    public Tensor Queries { get; }

    public AttentionSegment[] Segments { get; }

    public AttentionOptions Options { get; }

    public Tensor Output { get; }

    /// <summary>How many units there are.</summary>
    public int Units => _firstUnits[^1];

    /// <summary>Blocks of 512 positions in the longest context.</summary>
    public int ContextBlocks { get; }

    /// <summary>Floats of a sum of values.</summary>
    public int Stride { get; }

    /// <summary>Floats that the sums of one unit take.</summary>
    public int PartialFloats => PartialAttention.Floats(_unitRows, Stride);

    /// <summary>Unit <paramref name="index"/>; those that look back furthest come first, so that none of them is left for the end.</summary>
    public AttentionUnit Unit(int index)
    {
        var segment = Array.BinarySearch(_firstUnits, index);
        segment = segment < 0 ? ~segment - 1 : segment;
        while (_firstUnits[segment + 1] == index)
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
                Options.Mask.Start(position), Options.Mask.End(position, unit.Segment.Cache.Length));
        }
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
