using System.Numerics;
using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;
using Brickwork.Models.Cache.Eviction;
using Brickwork.Models.Running;

namespace Brickwork;

/// <summary>Keeps the most recent positions and those that got most attention so far, half and half, each head its own.</summary>
/// <remarks>
/// H2O (Zhang et al. 2023), algorithm 1. Query heads that share keys add up their attention. Keys are given up some at a time, at positions
/// that depend on the budget alone, so that it does not matter how a prompt is cut.
/// </remarks>
public sealed record HeavyHitterEviction : EvictionPolicy
{
    const int MostAtOnce = 64;

    internal override (int Budget, string Reason) Least => (2, "a recent token and one of much attention");

    /// <summary>How many positions a head gives up at once: an eighth of the budget or less, a power of two.</summary>
    internal int AtOnce => 1 << BitOperations.Log2((uint)Math.Clamp(Budget / 8, 1, MostAtOnce));

    internal override int RowsFrom(int position) =>
        position < Budget ? Budget - position : AtOnce - (position - Budget) % AtOnce;

    internal override KeyValueState CreateState(PagePool pages, CacheShape shape, AttentionOptions options) =>
        new HeavyHitterState(new KeyValueCache(pages, shape), this);
}
