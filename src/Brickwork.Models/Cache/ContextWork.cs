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
        AttentionPlan plan, in Tensor from, in AttentionUnit unit, ReadOnlySpan<AttentionRow> rows, int block, in PartialAttention sums)
    {
        sums.Clear();
        var (start, last) = Range(rows);
        start = Math.Max(start, block * AttentionKernel.ContextBlock);
        var end = Math.Min(last, (block + 1) * AttentionKernel.ContextBlock);
        var cache = unit.Segment.Cache;
        var layout = cache.Layout;
        var (scoreFloats, keyFloats) = (rows.Length * KeyValuePage.Positions, layout.KeyWidth * KeyValuePage.Positions);
        var floats = scoreFloats + (layout.Type == CacheType.F32 ? 0 : keyFloats + layout.ValueStride * KeyValuePage.Positions);
        var memory = MemoryMarshal.Cast<byte, float>(ThreadScratch<Scratch>.Take(floats * sizeof(float)));
        var queries = from.Floats;
        for (var page = start / KeyValuePage.Positions; page * KeyValuePage.Positions < end; page++)
        {
            var first = page * KeyValuePage.Positions;
            var bytes = cache.Head(page, unit.KvHead);
            var ahead = NextPage.Distance(bytes, first + KeyValuePage.Positions < last ? cache.Head(page + 1, unit.KvHead) : default);
            var keys = layout.Keys(plan.Path, bytes, memory[scoreFloats..], ahead);
            var (low, high) = (Math.Max(0, start - first), Math.Min(KeyValuePage.Positions, end - first));
            var copy = floats == scoreFloats ? default : memory[(scoreFloats + keyFloats)..];
            var values = layout.Values(plan.Path, bytes, low, high, copy, ahead);
            AttentionKernel.AddPage(
                plan.Path, plan.Options, queries, rows, first, keys, values, memory[..scoreFloats], sums,
                layout.Type == CacheType.F32 ? ahead : 0);
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
