using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;
using Brickwork.Models.Running;

namespace Brickwork.Models.Parts;

/// <summary>The step between projections: the rows' keys and values go into their sequences' caches, then every row attends.</summary>
static class AttentionRun
{
    /// <param name="owner">The part whose state holds the keys and values.</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="queries">[T, H*K].</param>
    /// <param name="keys">[T, G*K].</param>
    /// <param name="values">[T, G*U].</param>
    /// <param name="context">The pass.</param>
    /// <returns>[T, H*U].</returns>
    public static Tensor Run(
        IStateful owner, AttentionOptions options, Tensor queries, Tensor keys, Tensor values, ForwardContext context) =>
        Attend(Remember(owner, keys, values, context), options, queries, context);

    /// <summary>Puts the rows' keys and values into the caches of their sequences.</summary>
    public static AttentionSegment[] Remember(IStateful owner, Tensor keys, Tensor values, ForwardContext context)
    {
        var segments = new AttentionSegment[context.Rows.Segments.Count];
        for (var index = 0; index < segments.Length; index++)
        {
            var segment = context.Rows.Segments[index];
            var cache = context.State<KeyValueState>(owner, segment).Cache;
            cache.Append(context.Compute, keys.SliceRows(segment.FirstRow, segment.Count), values.SliceRows(segment.FirstRow, segment.Count));
            segments[index] = new AttentionSegment(cache, segment.FirstRow, segment.Count, segment.FirstPosition);
        }
        return segments;
    }

    /// <summary>Lets every row look at what its sequence remembers.</summary>
    /// <returns>[T, H*U].</returns>
    public static Tensor Attend(AttentionSegment[] segments, AttentionOptions options, Tensor queries, ForwardContext context)
    {
        var output = context.Take(queries.Rows, options.Heads * options.ValueWidth);
        PagedAttention.Run(context.Compute, queries, segments, options, output);
        return output;
    }
}
