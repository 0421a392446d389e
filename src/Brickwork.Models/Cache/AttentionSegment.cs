using Brickwork.Kernels.Attention;

namespace Brickwork.Models.Cache;

/// <summary>Rows of a batch that belong to one sequence.</summary>
/// <param name="Cache">The sequence's keys and values, those of these rows included.</param>
/// <param name="FirstRow">The first row in the batch.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="FirstPosition">The position of the first row; the others follow.</param>
readonly record struct AttentionSegment(KeyValueCache Cache, int FirstRow, int Rows, int FirstPosition)
{
    /// <summary>The first position, behind sinks, that a row at <paramref name="position"/> looks at.</summary>
    public int FirstSeenBy(int position, AttentionMask mask) => Math.Max(mask.Start(position), Cache.Shape.FirstSeenBy(position));
}
