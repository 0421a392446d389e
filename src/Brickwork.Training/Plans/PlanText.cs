using System.Globalization;

namespace Brickwork.Training.Plans;

/// <summary>A plan as a list of names and values: what a checkpoint remembers of the plan it belongs to.</summary>
static class PlanText
{
    /// <summary>Everything that decides the weights; what is only looked at or saved is left out.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(TrainingPlan plan)
    {
        List<KeyValuePair<string, string>> lines = [];
        void Add(string name, object? value) => lines.Add(new(name, value switch
        {
            null => "none",
            IReadOnlyList<string> texts => string.Join(" ", texts),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        }));
        Add("model", plan.Model is { } model ? Path.GetFileName(model) : null);
        foreach (var (name, value) in plan.Brick?.Settings ?? [])
            Add("brick." + name, value);
        if (plan.New is { } made)
            AddNew(made, Add);
        Add("tokenizer", plan.Tokenizer is { } tokenizer ? Path.GetFileName(tokenizer) : null);
        Add("newTokenizer.vocabulary", plan.NewTokenizer.VocabularySize);
        Add("newTokenizer.preTokenizer", plan.NewTokenizer.PreTokenizer);
        foreach (var domain in plan.Data)
            AddDomain(domain, Add);
        Add("steps", plan.Steps);
        Add("tokens", plan.Tokens);
        Add("epochs", plan.Epochs);
        Add("batch.sequences", plan.Batch.Sequences);
        Add("batch.length", plan.Batch.Length);
        Add("batch.microSequences", plan.Batch.MicroSequences);
        AddOptimizer(plan.Optimizer, Add);
        AddSchedule(plan.Schedule, Add);
        Add("clipNorm", plan.ClipNorm);
        Add("averageDecay", plan.AverageDecay);
        AddObjective(plan.Objective, Add);
        Add("seed", plan.Seed);
        return lines;
    }

    /// <summary>In which values two plans differ, each in one sentence.</summary>
    public static IEnumerable<string> Differences(IEnumerable<KeyValuePair<string, string>> before, IEnumerable<KeyValuePair<string, string>> now)
    {
        var (old, current) = (before.ToDictionary(), now.ToDictionary());
        foreach (var name in old.Keys.Union(current.Keys).Order(StringComparer.Ordinal))
            if (old.GetValueOrDefault(name, "none") is var was && current.GetValueOrDefault(name, "none") is var value && was != value)
                yield return $"'{name}' was {was} and is {value}";
    }

    static void AddNew(NewLlama made, Action<string, object?> add)
    {
        add("new.width", made.Width);
        add("new.layers", made.Layers);
        add("new.heads", made.Heads);
        add("new.kvHeads", made.KeyHeads);
        add("new.feedForward", made.Neurons);
        add("new.context", made.Context);
        add("new.tiedHead", made.TiedHead);
        add("new.deviation", made.Deviation);
        add("new.ropeBase", made.RopeBase);
        add("new.normEpsilon", made.NormEpsilon);
    }

    static void AddDomain(DomainPlan domain, Action<string, object?> add)
    {
        var source = domain.Source;
        // Texts and how they are read are known by the hash of their tokens.
        add($"data.{source.Domain}.{Path.GetFileName(source.Path)}", domain.Share);
    }

    static void AddOptimizer(OptimizerOptions options, Action<string, object?> add)
    {
        add("optimizer", options.GetType().Name);
        add("optimizer.weightDecay", options.WeightDecay);
        add("optimizer.withoutDecay", options.WithoutDecay);
        // Plans from before there was a choice are the same as those that chose F32.
        if (options.MomentType != DType.F32)
            add("optimizer.moments", options.MomentType);
        switch (options)
        {
            case AdamWOptions adam:
                AddAdam("optimizer.", adam, add);
                break;
            case LionOptions lion:
                add("optimizer.beta1", lion.Beta1);
                add("optimizer.beta2", lion.Beta2);
                break;
            case MuonOptions muon:
                add("optimizer.momentum", muon.Momentum);
                add("optimizer.iterations", muon.Iterations);
                add("optimizer.stepSize", muon.StepSize);
                break;
            case GaLoreOptions galore:
                add("optimizer.rank", galore.Rank);
                add("optimizer.refreshEvery", galore.RefreshEvery);
                add("optimizer.scale", galore.Scale);
                break;
            case MezoOptions mezo:
                add("optimizer.distance", mezo.Distance);
                add("optimizer.seed", mezo.Seed);
                break;
        }
        if (options is not MatrixOptimizerOptions matrices)
            return;
        add("optimizer.byAdamW", matrices.ByAdamW);
        AddAdam("optimizer.adamW.", matrices.AdamW, add);
    }

    static void AddObjective(Objective objective, Action<string, object?> add)
    {
        add("objective", objective.GetType().Name);
        if (objective is not DistillationObjective distillation)
            return;
        add("objective.teacher", Path.GetFileName(distillation.Teacher));
        add("objective.kind", distillation.Kind);
        add("objective.temperature", distillation.Temperature);
        add("objective.textShare", distillation.TextShare);
    }

    static void AddAdam(string path, AdamWOptions adam, Action<string, object?> add)
    {
        add(path + "beta1", adam.Beta1);
        add(path + "beta2", adam.Beta2);
        add(path + "epsilon", adam.Epsilon);
    }

    static void AddSchedule(Schedule schedule, Action<string, object?> add)
    {
        add("schedule", schedule.GetType().Name);
        add("schedule.rate", schedule.Rate);
        add("schedule.warmUpSteps", schedule.WarmUpSteps);
        if (schedule is CosineSchedule cosine)
            add("schedule.finalShare", cosine.FinalShare);
        if (schedule is StableSchedule stable)
        {
            add("schedule.finalShare", stable.FinalShare);
            add("schedule.decayShare", stable.DecayShare);
            add("schedule.shape", stable.Shape);
        }
    }
}
