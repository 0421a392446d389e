using Brickwork.Formats.Yaml;

namespace Brickwork.Training.Plans;

/// <summary>Reads <c>optimizer:</c>; its <c>kind</c> decides which keys it has.</summary>
static class OptimizerReader
{
    enum Kind { AdamW, Muon, Lion, GaLore, Mezo }

    public static OptimizerOptions Read(YamlMap node)
    {
        OptimizerOptions options = node.Choice("kind", ("adamw", Kind.AdamW), ("muon", Kind.Muon), ("lion", Kind.Lion), ("galore", Kind.GaLore), ("mezo", Kind.Mezo)) switch
        {
            Kind.Muon => WithAdamW(Muon(node), node),
            Kind.Lion => Lion(node),
            Kind.GaLore => WithAdamW(GaLore(node), node),
            Kind.Mezo => Mezo(node),
            _ => AdamW(node),
        };
        return options with
        {
            WeightDecay = (float?)node.Number("weightDecay") ?? options.WeightDecay,
            WithoutDecay = node.Has("withoutDecay") ? node.Texts("withoutDecay") : options.WithoutDecay,
            MomentType = node.Choice("moments", ("f32", DType.F32), ("bf16", DType.BF16)) ?? options.MomentType,
        };
    }

    static AdamWOptions AdamW(YamlMap node)
    {
        var made = new AdamWOptions();
        return made with
        {
            Beta1 = (float?)node.Number("beta1") ?? made.Beta1,
            Beta2 = (float?)node.Number("beta2") ?? made.Beta2,
            Epsilon = (float?)node.Number("epsilon") ?? made.Epsilon,
        };
    }

    static LionOptions Lion(YamlMap node)
    {
        var made = new LionOptions();
        return made with { Beta1 = (float?)node.Number("beta1") ?? made.Beta1, Beta2 = (float?)node.Number("beta2") ?? made.Beta2 };
    }

    static MuonOptions Muon(YamlMap node)
    {
        var made = new MuonOptions();
        return made with
        {
            Momentum = (float?)node.Number("momentum") ?? made.Momentum,
            Iterations = node.Small("iterations") ?? made.Iterations,
            StepSize = (float?)node.Number("stepSize") ?? made.StepSize,
        };
    }

    static MatrixOptimizerOptions WithAdamW(MatrixOptimizerOptions made, YamlMap node) => made with
    {
        ByAdamW = node.Has("byAdamW") ? node.Texts("byAdamW") : made.ByAdamW,
        AdamW = node.Child("adamW", made.AdamW, AdamW),
    };

    static GaLoreOptions GaLore(YamlMap node)
    {
        var made = new GaLoreOptions();
        return made with
        {
            Rank = node.Small("rank") ?? made.Rank,
            RefreshEvery = node.Small("refreshEvery") ?? made.RefreshEvery,
            Scale = (float?)node.Number("scale") ?? made.Scale,
        };
    }

    static MezoOptions Mezo(YamlMap node)
    {
        var made = new MezoOptions();
        return made with { Distance = (float?)node.Number("distance") ?? made.Distance, Seed = node.Whole("seed") ?? made.Seed };
    }
}
