using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;

namespace Brickwork.Models.Running;

/// <summary>What a part needs to make the state of a new sequence.</summary>
/// <param name="Pages">Where key and value pages come from.</param>
/// <param name="CacheType">How keys and values are stored.</param>
/// <param name="Eviction">Which of them are given up; null = none.</param>
sealed record StateFactory(PagePool Pages, CacheType CacheType, EvictionPolicy? Eviction)
{
    public SequenceState KeyValues(AttentionOptions options)
    {
        var shape = new CacheShape(options.KvHeads, options.KeyWidth, options.ValueWidth, CacheType, Window(options.Mask));
        return Eviction is not null && options.Mask.Kind == MaskKind.Causal
            ? Eviction.CreateState(Pages, shape, options)
            : new KeyValueState(new KeyValueCache(Pages, shape));
    }

    static int? Window(AttentionMask mask) => mask.Kind is MaskKind.SlidingWindow or MaskKind.Chunked ? mask.Width : null;
}
