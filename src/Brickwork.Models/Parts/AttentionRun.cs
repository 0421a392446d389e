using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;
using Brickwork.Models.Cache.Eviction;
using Brickwork.Models.Running;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>The step between projections: the rows' keys and values go into their sequences' caches, then every row attends.</summary>
static class AttentionRun
{
    /// <param name="owner">The part whose state holds the keys and values.</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="queries">[T, H*K].</param>
    /// <param name="keys">[T, G*K].</param>
    /// <param name="values">[T, G*U].</param>
    /// <param name="rotation">Where queries and keys were turned.</param>
    /// <param name="context">The pass.</param>
    /// <returns>[T, H*U].</returns>
    public static Tensor Run(
        IStateful owner, AttentionOptions options, Tensor queries, Tensor keys, Tensor values, HeadRotation rotation, ForwardContext context)
    {
        var state = context.StateIndex(owner);
        foreach (ref readonly var segment in context.Rows.Segments)
        {
            var memory = ForwardContext.State<KeyValueState>(state, segment);
            memory.MakeRoom(segment, context);
            memory.Cache.Append(
                context.Compute, keys.SliceRows(segment.FirstRow, segment.Count), values.SliceRows(segment.FirstRow, segment.Count));
        }
        return Attend(state, options, queries, rotation, context);
    }

    /// <summary>Lets every row of whole sequences look at its own; nothing is remembered.</summary>
    /// <returns>[T, H*U].</returns>
    public static Tensor Whole(AttentionOptions options, int[] lengths, Tensor queries, Tensor keys, Tensor values, ForwardContext context)
    {
        var output = context.Take(queries.Rows, options.Heads * options.ValueWidth);
        var logTotals = context.Take(queries.Rows, options.Heads);
        SequenceAttention.Run(context.Compute, options, lengths, queries, keys, values, output, logTotals);
        if (context.Tape is { } tape)
            SequenceAttention.Record(tape, options, lengths, queries, keys, values, output, logTotals);
        return output;
    }

    /// <summary>Lets every row look at what its sequence remembers in the state of that number.</summary>
    /// <returns>[T, H*U].</returns>
    public static Tensor Attend(int state, AttentionOptions options, Tensor queries, HeadRotation rotation, ForwardContext context)
    {
        var output = context.Take(queries.Rows, options.Heads * options.ValueWidth);
        var plan = context.Attention;
        plan.Begin(queries, options, output);
        foreach (ref readonly var segment in context.Rows.Segments)
            plan.Add(ForwardContext.State<KeyValueState>(state, segment).Rows(segment));
        SinkQueries.AddTo(plan, rotation, context);
        PagedAttention.Run(plan);
        foreach (ref readonly var segment in context.Rows.Segments)
            ForwardContext.State<KeyValueState>(state, segment).Observe(plan, segment);
        return output;
    }
}
