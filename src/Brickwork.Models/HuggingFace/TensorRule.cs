using Brickwork.Models.HuggingFace.Transforms;

namespace Brickwork.Models.HuggingFace;

/// <summary>Some tensors of a family and the tensors of Hugging Face that hold the same values.</summary>
/// <remarks><c>{n}</c> stands for a layer, <c>{e}</c> for an expert or head, and <c>*</c> for weight and bias, each by itself.</remarks>
/// <param name="Canonical">Names in GGUF's vocabulary.</param>
/// <param name="Names">Names in Hugging Face's.</param>
/// <param name="Transform">What lies between them.</param>
sealed record TensorRule(IReadOnlyList<string> Canonical, IReadOnlyList<string> Names, TensorTransform Transform)
{
    public TensorRule(string canonical, string name, TensorTransform? transform = null)
        : this([canonical], [name], transform ?? SameTensor.Instance)
    {
    }

    // More experts than this are a wrong number, and found out as missing.
    const int MostOfAKind = 1 << 16;

    /// <summary>Whether models are saved by this rule, where two name the same tensor.</summary>
    public Func<CanonicalModel, bool> Fits { get; init; } = _ => true;

    /// <summary>The rule for every layer, and for weight and bias where it holds for both.</summary>
    public IEnumerable<RuleInstance> Instances(CanonicalModel model)
    {
        var layers = !Fits(model) ? 0 : Canonical[0].Contains("{n}", StringComparison.Ordinal) ? model.Layers : 1;
        string[] suffixes = Canonical[0].Contains('*', StringComparison.Ordinal) ? ["weight", "bias"] : [""];
        for (var layer = 0; layer < layers; layer++)
            foreach (var suffix in suffixes)
                yield return Instance(model, layer, suffix);
    }

    RuleInstance Instance(CanonicalModel model, int layer, string suffix)
    {
        string Fill(string name) => name.Replace("{n}", $"{layer}", StringComparison.Ordinal).Replace("*", suffix, StringComparison.Ordinal);
        var count = Names[0].Contains("{e}", StringComparison.Ordinal) ? Math.Min(Transform.CountOf(model, layer), MostOfAKind) : 1;
        var names = Names.SelectMany(name => Enumerable.Range(0, count).Select(index => Fill(name).Replace("{e}", $"{index}", StringComparison.Ordinal)));
        return new RuleInstance(this, layer, [.. Canonical.Select(Fill)], [.. names]);
    }
}

/// <summary>A rule with all names filled in.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Layer">The layer, or 0.</param>
/// <param name="Canonical">GGUF's names.</param>
/// <param name="Names">Hugging Face's names.</param>
sealed record RuleInstance(TensorRule Rule, int Layer, IReadOnlyList<string> Canonical, IReadOnlyList<string> Names);
