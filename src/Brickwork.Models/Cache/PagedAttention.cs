using System.Buffers;
using Brickwork.Kernels.Attention;

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

    /// <param name="compute">Threads and path.</param>
    /// <param name="queries">[T, H·Kw].</param>
    /// <param name="segments">Which rows belong to which sequence. Their keys and values must have been appended.</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="output">[T, H·Vw]; rows of no segment are left as they are.</param>
    public static void Run(
        Compute compute, in Tensor queries, ReadOnlySpan<AttentionSegment> segments, AttentionOptions options, in Tensor output)
    {
        Validate(queries, segments, options, output);
        var plan = new AttentionPlan(compute.InstructionSet, queries, segments.ToArray(), options, output);
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
        var partials = ArrayPool<float>.Shared.Rent(checked(plan.Units * plan.ContextBlocks * plan.PartialFloats));
        compute.Team.Run(plan.Units * plan.ContextBlocks, new SplitAttention(plan, partials));
        compute.Team.Run(plan.Units, new JoinAttention(plan, partials));
        ArrayPool<float>.Shared.Return(partials);
    }

    static void Validate(
        in Tensor queries, ReadOnlySpan<AttentionSegment> segments, AttentionOptions options, in Tensor output)
    {
        options.Validate();
        if (queries.Columns != options.Heads * options.KeyWidth || output.Columns != options.Heads * options.ValueWidth
            || queries.Rows != output.Rows)
            throw new ArgumentException($"Queries {queries} and output {output} do not fit {options}.", nameof(queries));
        foreach (var segment in segments)
        {
            var shape = segment.Cache.Shape;
            if (shape.KvHeads != options.KvHeads || shape.KeyWidth != options.KeyWidth || shape.ValueWidth != options.ValueWidth)
                throw new ArgumentException($"A cache of {shape} does not fit {options}.", nameof(segments));
            if (segment.FirstRow < 0 || segment.Rows < 0 || segment.FirstRow > queries.Rows - segment.Rows
                || segment.FirstPosition < 0 || segment.FirstPosition > segment.Cache.Length - segment.Rows)
                throw new ArgumentException(
                    $"{segment} leaves {queries.Rows} rows or {segment.Cache.Length} cached positions.", nameof(segments));
            if (segment.Rows > 0 && options.Mask.Start(segment.FirstPosition) < segment.Cache.FirstPosition)
                throw new InvalidOperationException(
                    $"{options.Mask} looks at position {options.Mask.Start(segment.FirstPosition)}; "
                    + $"the cache begins at {segment.Cache.FirstPosition}.");
        }
    }
}
