using Brickwork.Kernels.Rope;

namespace Brickwork.Models.Cache.Eviction;

/// <summary>Where rotary values sit in a head.</summary>
/// <param name="Table">The angles; null = the layer knows no positions.</param>
/// <param name="Offset">The first value that turns.</param>
readonly record struct HeadRotation(RopeTable? Table, int Offset = 0);

/// <summary>Queries turned back by the positions that lie between the sinks and the row's window.</summary>
static class SinkQueries
{
    /// <summary>Gives a plan the queries for its sinks; its own where no row has lost sight of the start.</summary>
    public static void AddTo(AttentionPlan plan, HeadRotation rotation, ForwardContext context)
    {
        if (rotation.Table is not { } table || !Any(plan.Segments))
            return;
        var turned = context.Take(plan.Queries.Rows, plan.Queries.Columns);
        plan.Queries.Floats.CopyTo(turned.Floats);
        var angles = context.Take(1, RopeKernel.AngleCount(table.Style, table.Width)).Floats;
        foreach (ref readonly var segment in plan.Segments)
            for (var row = 0; row < segment.Rows; row++)
                if (Dropped(segment, row) is > 0 and var steps)
                {
                    table.Turn(-steps, angles);
                    TurnBack(plan, turned.Row(segment.FirstRow + row), table.Style, angles, rotation.Offset);
                }
        plan.SinkQueries = turned;
    }

    static void TurnBack(AttentionPlan plan, Span<float> row, RopeStyle style, ReadOnlySpan<float> angles, int offset)
    {
        var width = plan.Options.KeyWidth;
        for (var head = 0; head < plan.Options.Heads; head++)
            RopeKernel.Run(plan.Path, style, angles, row.Slice(head * width + offset, width - offset));
    }

    static bool Any(ReadOnlySpan<AttentionSegment> segments)
    {
        foreach (ref readonly var segment in segments)
            if (segment.Rows > 0 && Dropped(segment, segment.Rows - 1) > 0)
                return true;
        return false;
    }

    static int Dropped(in AttentionSegment segment, int row)
    {
        var shape = segment.Cache.Shape;
        return shape.Sinks == 0 ? 0 : SinkAttention.Dropped(shape.FirstSeenBy(segment.FirstPosition + row), shape.Sinks);
    }
}
