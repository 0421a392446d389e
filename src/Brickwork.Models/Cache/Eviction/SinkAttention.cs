using System.Runtime.InteropServices;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Threading;

namespace Brickwork.Models.Cache.Eviction;

/// <summary>The first positions, at which rows look all the same when their window has left the start.</summary>
/// <remarks>
/// StreamingLLM (Xiao et al. 2023), section 3.2: positions count within the cache. A rotary score depends on a distance only, so the keys
/// of the window can keep their place in the text; only the distance to the sinks shrinks, by as many positions as were dropped. The
/// query is turned back by that much before it meets the sinks. No stored key changes, so nothing is rounded twice.
/// </remarks>
static class SinkAttention
{
    readonly struct Scratch;

    /// <summary>Adds the sinks to the sums of the rows that no longer reach them.</summary>
    public static void Join(AttentionPlan plan, in AttentionUnit unit, ReadOnlySpan<AttentionRow> rows, in PartialAttention total)
    {
        if (unit.Segment.Cache.Shape.Sinks == 0 || !Any(rows))
            return;
        Span<AttentionRow> looking = stackalloc AttentionRow[PagedAttention.BlockRows];
        looking = looking[..rows.Length];
        for (var i = 0; i < rows.Length; i++)
            looking[i] = Seen(rows[i], unit.Segment.Cache.Shape.Sinks);
        var memory = MemoryMarshal.Cast<byte, float>(ThreadScratch<Scratch>.Take(plan.PartialFloats * sizeof(float)));
        var sinks = new PartialAttention(memory, unit.Rows, plan.Stride);
        ContextWork.Run(plan, plan.SinkQueries, unit, looking, 0, sinks);
        total.Join(plan.Path, sinks);
    }

    /// <summary>The row as the sinks see it: nearer by what was dropped, and blind where it reaches the start by itself.</summary>
    public static AttentionRow Seen(AttentionRow row, int sinks) =>
        row with { Position = row.Position - Dropped(row.Start, sinks), Start = 0, End = row.Start > 0 ? sinks : 0 };

    /// <summary>How many positions lie between the sinks and a window that starts at <paramref name="start"/>.</summary>
    public static int Dropped(int start, int sinks) => Math.Max(0, start - sinks);

    static bool Any(ReadOnlySpan<AttentionRow> rows)
    {
        foreach (var row in rows)
            if (row.Start > 0)
                return true;
        return false;
    }
}
