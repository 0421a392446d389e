using Brickwork.Bricks.Merge.Planning;

namespace Brickwork.Bricks.Merge.Mixtures;

/// <summary>What a mixture says about itself: the base's settings under the family with experts, and how many there are.</summary>
static class MixtureMetadata
{
    public static Metadata Of(MixtureDocument document, MixtureModels models, string source)
    {
        var (dense, sparse) = (models.Base.Architecture, models.Family.Sparse);
        var result = new Metadata(source);
        foreach (var (key, value) in models.Base.Checkpoint.Metadata)
            result.Set(key.StartsWith(dense + ".", StringComparison.Ordinal) ? sparse + key[dense.Length..] : key, value);
        result.Set("general.architecture", sparse);
        result.Set("general.name", Path.GetFileNameWithoutExtension(source));
        result.Set($"{sparse}.expert_count", (uint)models.Experts.Count);
        result.Set($"{sparse}.expert_used_count", (uint)document.ExpertsPerToken);
        var hidden = (uint)models.Base.Find(TensorPlace.In(0, "ffn_up.weight"))!.Value.Shape[0];
        if (sparse != dense)
            result.Set($"{sparse}.expert_feed_forward_length", hidden);
        if (models.Shared is not null)
            result.Set($"{sparse}.expert_shared_feed_forward_length", hidden);
        return result;
    }
}
