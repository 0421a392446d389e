using System.Runtime.InteropServices;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Threading;

namespace Brickwork.Models.Cache;

/// <summary>The steps that whole and split attention have in common.</summary>
static class ContextWork
{
    readonly struct Scratch;

    /// <summary>The positions that any of the rows looks at.</summary>
    public static (int Start, int End) Range(ReadOnlySpan<AttentionRow> rows)
    {
        var (start, end) = (int.MaxValue, 0);
        foreach (var row in rows)
            (start, end) = (Math.Min(start, row.Start), Math.Max(end, row.End));
        return (start, end);
    }

    /// <summary>The first block of the context that is still stored.</summary>
    public static int FirstBlock(in AttentionUnit unit) => unit.Segment.Cache.FirstPosition / AttentionKernel.ContextBlock;

    /// <summary>Sums over the pages of one block of the context, in ascending order.</summary>
    public static void Run(
        AttentionPlan plan, in AttentionUnit unit, ReadOnlySpan<AttentionRow> rows, int block, in PartialAttention sums)
    {
        sums.Clear();
        var (start, end) = Range(rows);
        start = Math.Max(start, block * AttentionKernel.ContextBlock);
        end = Math.Min(end, (block + 1) * AttentionKernel.ContextBlock);
        var layout = unit.Segment.Cache.Layout;
        var (scoreFloats, keyFloats) = (rows.Length * KeyValuePage.Positions, layout.KeyWidth * KeyValuePage.Positions);
        var floats = scoreFloats + (layout.Type == CacheType.F32 ? 0 : keyFloats + layout.ValueStride * KeyValuePage.Positions);
        var memory = MemoryMarshal.Cast<byte, float>(ThreadScratch<Scratch>.Take(floats * sizeof(float)));
        var queries = plan.Queries.Floats;
        for (var page = start / KeyValuePage.Positions; page * KeyValuePage.Positions < end; page++)
        {
            var first = page * KeyValuePage.Positions;
            var bytes = unit.Segment.Cache.Head(page, unit.KvHead);
            var keys = layout.Keys(plan.Path, bytes, memory[scoreFloats..]);
            var (low, high) = (Math.Max(0, start - first), Math.Min(KeyValuePage.Positions, end - first));
            var values = layout.Values(plan.Path, bytes, low, high, floats == scoreFloats ? default : memory[(scoreFloats + keyFloats)..]);
            AttentionKernel.AddPage(plan.Path, plan.Options, queries, rows, first, keys, values, memory[..scoreFloats], sums);
        }
    }

    /// <summary>Divides by the totals and writes the unit's part of the output.</summary>
    public static void Finish(AttentionPlan plan, ReadOnlySpan<AttentionRow> rows, in PartialAttention total)
    {
        var output = plan.Output.Floats;
        var options = plan.Options;
        for (var i = 0; i < rows.Length; i++)
        {
            var at = (long)rows[i].Offset / plan.Queries.Columns * plan.Output.Columns + rows[i].Head * options.ValueWidth;
            total.Finish(i, options.Sinks?[rows[i].Head], output.Slice((int)at, options.ValueWidth));
        }
    }
}
