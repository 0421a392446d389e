using System.Runtime.InteropServices;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Threading;
using Brickwork.Models.Cache.Eviction;

namespace Brickwork.Models.Cache;

/// <summary>One block of the context of one unit.</summary>
readonly struct SplitAttention(AttentionPlan plan, Tensor partials) : IParallelJob
{
    public void Run(int chunk)
    {
        var unit = plan.Unit(chunk / plan.ContextBlocks);
        Span<AttentionRow> rows = stackalloc AttentionRow[PagedAttention.BlockRows];
        rows = rows[..unit.Rows];
        plan.Rows(unit, rows);
        var partial = new PartialAttention(partials.Row(chunk), unit.Rows, plan.Stride);
        ContextWork.Run(plan, plan.Queries, unit, rows, ContextWork.FirstBlock(unit) + chunk % plan.ContextBlocks, partial);
    }
}

/// <summary>Joins the blocks of one unit, first to last.</summary>
readonly struct JoinAttention(AttentionPlan plan, Tensor partials) : IParallelJob
{
    public void Run(int chunk)
    {
        var unit = plan.Unit(chunk);
        Span<AttentionRow> rows = stackalloc AttentionRow[PagedAttention.BlockRows];
        rows = rows[..unit.Rows];
        plan.Rows(unit, rows);
        var memory = MemoryMarshal.Cast<byte, float>(ThreadScratch<WholeAttention>.Take(plan.PartialFloats * sizeof(float)));
        var total = new PartialAttention(memory, unit.Rows, plan.Stride);
        total.Clear();
        SinkAttention.Join(plan, unit, rows, total);
        for (var block = 0; block < plan.ContextBlocks; block++)
        {
            var partial = partials.Row(chunk * plan.ContextBlocks + block);
            total.Join(plan.Path, new PartialAttention(partial, unit.Rows, plan.Stride));
        }
        ContextWork.Finish(plan, rows, total);
    }
}
