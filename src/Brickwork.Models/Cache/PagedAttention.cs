namespace Brickwork.Models.Cache;

/// <summary>Attention of a batch of rows, each over the cached keys and values of its own sequence.</summary>
/// <remarks>
/// A row's result is built in one order only: page by page within blocks of 512 positions, then block by block. How rows are batched,
/// how a prompt is cut and how many threads work changes no bit.
/// </remarks>
static class PagedAttention
{
    /// <summary>Rows (one head of one query each) that are worked on together, so that keys are read once for all of them.</summary>
    public const int BlockRows = 32;

    /// <summary>Carries a plan out.</summary>
    public static void Run(AttentionPlan plan)
    {
        var (compute, options) = (plan.Compute, plan.Options);
        if (compute.InstructionSet == InstructionSet.Reference)
            compute.Team.Run(plan.Segments.Length * options.KvHeads, new ReferenceAttention(plan));
        else if (compute.Threads > 1 && plan.Units < 4 * compute.Threads && plan.ContextBlocks > 1)
            RunSplit(compute, plan);
        else
            compute.Team.Run(plan.Units, new WholeAttention(plan));
    }

    /// <summary>Few rows and a long context, as in decoding: threads share the blocks of the context.</summary>
    static void RunSplit(Compute compute, AttentionPlan plan)
    {
        using var scope = plan.Arena.Mark();
        var partials = plan.Arena.Take(plan.Units * plan.ContextBlocks, plan.PartialFloats);
        compute.Team.Run(partials.Rows, new SplitAttention(plan, partials));
        compute.Team.Run(plan.Units, new JoinAttention(plan, partials));
    }
}
