using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;
using Brickwork.Models.Running;

namespace Brickwork;

/// <summary>Which keys and values a sequence gives up when there are more than a budget, so that memory and work per token stay bounded.</summary>
/// <remarks>Layers that look back over a window, and recurrent ones, are bounded by themselves and stay as they are.</remarks>
public abstract record EvictionPolicy
{
    private protected EvictionPolicy()
    {
    }

    /// <summary>Positions that every head of every layer keeps.</summary>
    public required int Budget { get; init; }

    /// <summary>Whether positions count within the cache, so that a text may go on beyond the model's context.</summary>
    internal virtual bool IsEndless => false;

    /// <summary>The smallest budget with which something is left to look at.</summary>
    internal abstract (int Budget, string Reason) Least { get; }

    /// <summary>How many rows from <paramref name="position"/> on may be computed before keys are given up.</summary>
    internal virtual int RowsFrom(int position) => int.MaxValue;

    /// <summary>The state of an attention that looks at the whole text.</summary>
    internal abstract KeyValueState CreateState(PagePool pages, CacheShape shape, AttentionOptions options);

    internal virtual void Validate()
    {
        if (Budget < Least.Budget)
            throw new ArgumentException($"The eviction budget is {Budget}; expected at least {Least.Budget}: {Least.Reason}.");
    }
}
