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
    public static Tensor Run(IStateful owner, AttentionOptions options, Tensor queries, Tensor keys, Tensor values, ForwardContext context)
    {
        var output = context.Take(queries.Rows, options.Heads * options.ValueWidth);
        var segments = new AttentionSegment[context.Rows.Segments.Count];
        for (var index = 0; index < segments.Length; index++)
        {
            var segment = context.Rows.Segments[index];
            var cache = context.State<KeyValueState>(owner, segment).Cache;
            cache.Append(context.Compute, keys.SliceRows(segment.FirstRow, segment.Count), values.SliceRows(segment.FirstRow, segment.Count));
            segments[index] = new AttentionSegment(cache, segment.FirstRow, segment.Count, segment.FirstPosition);
        }
        PagedAttention.Run(context.Compute, queries, segments, options, output);
        return output;
    }
}
