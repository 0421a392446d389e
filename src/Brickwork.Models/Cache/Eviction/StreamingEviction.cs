using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;
using Brickwork.Models.Running;

namespace Brickwork;

/// <summary>Keeps the first positions, on which attention likes to rest, and the most recent ones. A text may go on without end.</summary>
/// <remarks>StreamingLLM (Xiao et al. 2023), section 3.2. Positions count within the cache.</remarks>
public sealed record StreamingEviction : EvictionPolicy
{
    /// <summary>Positions kept at the start, 0 to 64; the rest of the budget is the window.</summary>
    public int Sinks { get; init; } = 4;

    internal override bool IsEndless => true;

    internal override (int Budget, string Reason) Least => (Sinks + 1, $"{Sinks} sinks and the newest token");

    internal override KeyValueState CreateState(PagePool pages, CacheShape shape, AttentionOptions options) =>
        new(new KeyValueCache(pages, shape with { Window = Budget - Sinks, Sinks = Sinks }));

    internal override void Validate()
    {
        if (Sinks is < 0 or > KeyValuePage.Positions)
            throw new ArgumentException($"The eviction keeps {Sinks} sinks; expected 0 to {KeyValuePage.Positions}.");
        base.Validate();
    }
}
