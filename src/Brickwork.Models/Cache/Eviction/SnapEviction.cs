using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;
using Brickwork.Models.Cache.Eviction;
using Brickwork.Models.Running;

namespace Brickwork;

/// <summary>Keeps of a prompt what its last tokens look at, and these; what is written afterwards is kept whole.</summary>
/// <remarks>
/// SnapKV (Li et al. 2024), section 4. A prompt ends with the last tokens of which the output was asked (<see cref="LogitRows.Last"/>), one
/// token alone excepted. It is held in full until the next pass begins.
/// </remarks>
public sealed record SnapEviction : EvictionPolicy
{
    /// <summary>How many of the prompt's last tokens choose, and stay.</summary>
    internal const int Window = 32;

    /// <summary>Neighbours over which a choice spreads, the chosen one in their middle.</summary>
    internal const int Pooling = 7;

    internal override (int Budget, string Reason) Least => (Window + 1, $"the {Window} tokens that choose and one that is chosen");

    internal override KeyValueState CreateState(PagePool pages, CacheShape shape, AttentionOptions options) =>
        new SnapState(new KeyValueCache(pages, shape), options, this);
}
