using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Formats.Yaml;

namespace Brickwork.Bricks.Merge.Mixtures;

/// <summary>Reads mergekit-moe's configuration, key by key; a key that is not known is a fault.</summary>
static class MixtureReader
{
    public const string Key = "experts";

    const int MostExperts = 256;

    public static MixtureDocument Read(YamlMap map)
    {
        if (!map.Has("base_model"))
            map.Fault("base_model", "the model that everything but the experts is taken from");
        var gate = map.Choice("gate_mode", ("hidden", GateMode.HiddenLast), ("hidden_last", GateMode.HiddenLast), ("hidden_avg", GateMode.HiddenAverage),
            ("cheap_embed", GateMode.Embedding), ("random", GateMode.Random), ("uniform_random", GateMode.UniformRandom)) ?? GateMode.HiddenLast;
        var experts = map.Children(Key, "source_model", inner => Expert(inner, gate));
        var shared = map.Children("shared_experts", "source_model", inner => Expert(inner, gate));
        if (experts.Count is < 2 or > MostExperts)
            map.Fault(Key, $"2 to {MostExperts} experts");
        if (shared.Count > 1)
            map.Fault("shared_experts", "one at most");
        var chosen = map.Small("experts_per_token") ?? 2;
        if (chosen < 1 || experts.Count >= 2 && chosen > experts.Count)
            map.Fault("experts_per_token", $"1 to {experts.Count}, the number of experts");
        return new MixtureDocument
        {
            BaseModel = map.Text("base_model") ?? "",
            Gate = gate,
            OutputType = DocumentReader.OutputType(map),
            ExpertsPerToken = chosen,
            Experts = experts,
            Shared = shared.Count > 0 ? shared[0] : null,
            Architecture = map.Text("architecture"),
            Seed = map.Whole("seed") ?? 0,
        };
    }

    static MixtureExpert Expert(YamlMap map, GateMode gate)
    {
        if (!map.Has("source_model"))
            map.Fault("source_model", "a model");
        var positive = map.Texts("positive_prompts");
        if (gate is not (GateMode.Random or GateMode.UniformRandom) && positive.All(string.IsNullOrWhiteSpace))
            map.Fault("positive_prompts", "texts for which this expert is to be chosen, or gate_mode: random");
        return new MixtureExpert(map.Text("source_model") ?? "", positive, map.Texts("negative_prompts"), map.Number("noise_scale"), map.Number("residual_scale"));
    }
}
