using System.Runtime.InteropServices;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Threading;
using Brickwork.Models.Cache.Eviction;

namespace Brickwork.Models.Cache;

/// <summary>A whole unit: every block of the context, joined as they come.</summary>
readonly struct WholeAttention(AttentionPlan plan) : IParallelJob
{
    public void Run(int chunk)
    {
        var unit = plan.Unit(chunk);
        Span<AttentionRow> rows = stackalloc AttentionRow[PagedAttention.BlockRows];
        rows = rows[..unit.Rows];
        plan.Rows(unit, rows);
        var memory = MemoryMarshal.Cast<byte, float>(ThreadScratch<WholeAttention>.Take(2 * plan.PartialFloats * sizeof(float)));
        var total = new PartialAttention(memory, unit.Rows, plan.Stride);
        var partial = new PartialAttention(memory[plan.PartialFloats..], unit.Rows, plan.Stride);
        total.Clear();
        SinkAttention.Join(plan, unit, rows, total);
        var (start, end) = ContextWork.Range(rows);
        for (var block = start / AttentionKernel.ContextBlock; block * AttentionKernel.ContextBlock < end; block++)
        {
            ContextWork.Run(plan, plan.Queries, unit, rows, block, partial);
            total.Join(plan.Path, partial);
        }
        ContextWork.Finish(plan, rows, total);
    }
}
