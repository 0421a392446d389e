using System.Runtime.InteropServices;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Softmax;
using Brickwork.Kernels.Threading;

namespace Brickwork.Models.Cache.Eviction;

/// <summary>How much attention the entries of each key-value head got, summed over rows and over the query heads that share it.</summary>
/// <remarks>The weights are computed a second time, so that attention itself has nothing to do with it. Row by row in order: no bit depends on the cut.</remarks>
sealed class AttentionMass(int heads)
{
    readonly List<double>[] _sums = [.. Enumerable.Range(0, heads).Select(_ => new List<double>())];

    /// <summary>[entries] the sums of a head.</summary>
    public Span<double> Of(int head, int entries)
    {
        var sums = _sums[head];
        while (sums.Count < entries)
            sums.Add(0);
        return CollectionsMarshal.AsSpan(sums)[..entries];
    }

    /// <summary>Adds the weights of the rows of a segment, whose queries are those of the plan.</summary>
    public void Add(AttentionPlan plan, in AttentionSegment segment) =>
        plan.Compute.Team.Run(_sums.Length, new Job(plan, segment, this));

    /// <summary>Forgets all entries but the first.</summary>
    public void Shorten(int entries)
    {
        foreach (var sums in _sums)
            sums.RemoveRange(entries, sums.Count - entries);
    }

    readonly struct Job(AttentionPlan plan, AttentionSegment segment, AttentionMass mass) : IParallelJob
    {
        public void Run(int head)
        {
            var sums = mass.Of(head, segment.Cache.Length);
            Span<AttentionRow> rows = stackalloc AttentionRow[PagedAttention.BlockRows];
            for (var first = 0; first < segment.Rows * plan.Options.Group; first += PagedAttention.BlockRows)
            {
                var count = Math.Min(PagedAttention.BlockRows, segment.Rows * plan.Options.Group - first);
                plan.Rows(new AttentionUnit(segment, head, first, count), rows);
                AddRows(head, rows[..count], sums);
            }
        }

        void AddRows(int head, ReadOnlySpan<AttentionRow> rows, Span<double> sums)
        {
            const int positions = KeyValuePage.Positions;
            var layout = segment.Cache.Layout;
            var pages = (segment.Cache.Length + positions - 1) / positions;
            var stride = pages * positions + 1;
            var memory = MemoryMarshal.Cast<byte, float>(ThreadScratch<AttentionMass>.Take(
                checked((rows.Length * stride + rows.Length * positions + layout.KeyWidth * positions) * sizeof(float))));
            var weights = memory[..(rows.Length * stride)];
            var rest = memory[(rows.Length * stride)..];
            for (var page = 0; page < pages; page++)
            {
                var keys = layout.Keys(plan.Path, segment.Cache.Head(page, head), rest[(rows.Length * positions)..], 0);
                AttentionKernel.Scores(plan.Path, plan.Options, plan.Queries.Floats, rows, keys, rest);
                for (var row = 0; row < rows.Length; row++)
                    rest.Slice(row * positions, positions).CopyTo(weights[(row * stride + page * positions)..]);
            }
            for (var row = 0; row < rows.Length; row++)
                AddRow(rows[row], weights.Slice(row * stride, stride), sums);
        }

        void AddRow(AttentionRow row, Span<float> scores, Span<double> sums)
        {
            var count = row.End;
            if (plan.Options.Sinks is { } sinks)
                scores[count++] = sinks[row.Head];
            SoftmaxKernel.Run(plan.Path, scores[..count], scores[..count]);
            for (var entry = 0; entry < row.End; entry++)
                sums[entry] += scores[entry];
        }
    }
}
