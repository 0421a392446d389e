using Brickwork.Kernels.Attention;
using Brickwork.Models.Parts;
using Brickwork.Models.Slots;

namespace Brickwork.Models.Cache.Eviction;

/// <summary>Whether a model can give up keys and values by a policy.</summary>
static class EvictionCheck
{
    const string ByAttention = "Use the eviction by attention (h2o) or of prompts (snapkv).";

    /// <summary>The policy, its budget held within the context.</summary>
    /// <param name="model">The model to run.</param>
    /// <param name="policy">What the user wants; null = nothing is given up.</param>
    /// <param name="context">How many tokens the model sees at once.</param>
    /// <exception cref="ArgumentException">The numbers of the policy make no sense.</exception>
    /// <exception cref="UnsupportedModelException">The policy would change the model's positions in a way it cannot stand.</exception>
    public static EvictionPolicy? Fit(LanguageModel model, EvictionPolicy? policy, int context)
    {
        if (policy is null)
            return null;
        policy.Validate();
        var growing = Growing(model.Decoder).ToList();
        if (growing.Count == 0)
            throw new UnsupportedModelException(
                $"The model '{model.Config.Name}' has no layer that keeps the keys and values of a whole text, so there are none to give up.", "Run it without eviction.");
        if (policy is StreamingEviction)
            CheckPositions(model, growing.Select(layer => layer.Part));
        else if (growing.Exists(layer => layer.Options.AlibiSlopes is not null))
            throw NotWith(model, "Use the eviction of the middle (streaming).", "its attention weighs distances between stored positions");
        return policy with { Budget = Math.Min(policy.Budget, Math.Max(context, policy.Least.Budget)) };
    }

    static void CheckPositions(LanguageModel model, IEnumerable<IPart> growing)
    {
        if (ModelRunner.LearnedPositions(model.Decoder) is { } learned)
            throw NotWith(model, ByAttention, $"it learned a value for each of {learned} positions and knows no further ones");
        foreach (var part in growing.OfType<Attention>())
            if (part.Temperature is not null || (part.RotateBeforeNorm && (part.QueryNorm ?? part.KeyNorm) is not null))
                throw NotWith(model, ByAttention, "what it does to queries after their rotation depends on the position");
    }

    static UnsupportedModelException NotWith(LanguageModel model, string next, string why) =>
        new($"The model '{model.Config.Name}' cannot run with this eviction: {why}.", next);

    /// <summary>Parts whose cache grows with the text.</summary>
    static IEnumerable<(IPart Part, AttentionOptions Options)> Growing(Decoder decoder) =>
        from layer in decoder.Layers
        from part in PartTree.Walk(layer).Select(slot => slot.Part).Prepend(layer)
        let options = part switch
        {
            Attention attention => attention.Options,
            GatedAttention gated => gated.Options,
            LatentAttention latent => latent.Options,
            _ => null,
        }
        where options?.Mask.Kind == MaskKind.Causal
        select (part, options);
}
