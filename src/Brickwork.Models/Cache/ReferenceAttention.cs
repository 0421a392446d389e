using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Threading;
using Brickwork.Models.Cache.Eviction;

namespace Brickwork.Models.Cache;

/// <summary>The specification: all keys of a sequence read back, then a plain softmax over them.</summary>
readonly struct ReferenceAttention(AttentionPlan plan) : IParallelJob
{
    public void Run(int chunk)
    {
        var options = plan.Options;
        var segment = plan.Segments[chunk / options.KvHeads];
        var (keys, values) = Gather(segment.Cache, chunk % options.KvHeads);
        var rows = new AttentionRow[segment.Rows * options.Group];
        plan.Rows(new AttentionUnit(segment, chunk % options.KvHeads, 0, rows.Length), rows);
        var (queries, output) = (plan.Queries, plan.Output);
        foreach (var row in rows)
        {
            var far = segment.Cache.Shape.Sinks > 0 ? SinkAttention.Seen(row, segment.Cache.Shape.Sinks) : default;
            AttentionKernel.RunReference(
                options, queries.Floats.Slice(row.Offset, options.KeyWidth), row, keys, values,
                output.Row(row.Offset / queries.Columns).Slice(row.Head * options.ValueWidth, options.ValueWidth),
                far, far.End > 0 ? plan.SinkQueries.Floats.Slice(row.Offset, options.KeyWidth) : default);
        }
    }

    static (float[] Keys, float[] Values) Gather(KeyValueCache cache, int head)
    {
        var layout = cache.Layout;
        var keys = new float[cache.Length * layout.KeyWidth];
        var values = new float[cache.Length * layout.ValueWidth];
        var keyCopy = new float[KeyValuePage.Positions * layout.KeyWidth];
        var valueCopy = new float[KeyValuePage.Positions * layout.ValueStride];
        for (var first = 0; first < cache.Length; first += KeyValuePage.Positions)
        {
            if (first < cache.FirstPosition && (first > 0 || cache.Shape.Sinks == 0))
                continue;
            var slots = Math.Min(KeyValuePage.Positions, cache.Length - first);
            var page = cache.Head(first / KeyValuePage.Positions, head);
            var pageKeys = layout.Keys(InstructionSet.Reference, page, keyCopy, 0);
            var pageValues = layout.Values(InstructionSet.Reference, page, 0, slots, valueCopy, 0);
            for (var slot = 0; slot < slots; slot++)
            {
                for (var i = 0; i < layout.KeyWidth; i++)
                    keys[(first + slot) * layout.KeyWidth + i] = pageKeys[i * KeyValuePage.Positions + slot];
                pageValues.Slice(slot * layout.ValueStride, layout.ValueWidth).CopyTo(values.AsSpan((first + slot) * layout.ValueWidth));
            }
        }
        return (keys, values);
    }
}
