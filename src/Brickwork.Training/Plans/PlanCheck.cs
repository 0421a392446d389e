namespace Brickwork.Training.Plans;

/// <summary>What makes no sense in a plan, whoever wrote it.</summary>
static class PlanCheck
{
    public static IEnumerable<string> Faults(TrainingPlan plan) =>
        [.. Model(plan), .. Data(plan), .. Length(plan), .. Numbers(plan), .. plan.Optimizer.Faults(), .. plan.Objective.Faults()];

    static IEnumerable<string> Model(TrainingPlan plan)
    {
        if (plan is { Model: not null, New: not null })
            yield return "'model' and 'new' are both given; expected one of them.";
        if (plan is { Brick: not null, New: not null })
            yield return "'brick' and 'new' are both given; expected a brick in a model that exists.";
        foreach (var fault in plan.Brick?.Faults() ?? [])
            yield return fault;
        if (plan is { New: null, Tokenizer: not null })
            yield return "'tokenizer' is given, but a model that exists has its own; expected it with 'new' only.";
        if (plan is { New: not null, Tokenizer: null } && plan.NewTokenizer is var made && made.VocabularySize < 256 + made.SpecialTokens.Count)
            yield return $"'newTokenizer.vocabulary' is {made.VocabularySize}; expected room for 256 bytes and {made.SpecialTokens.Count} special tokens.";
        if (plan.NewTokenizer is { SpecialTokens.Count: 0 })
            yield return "'newTokenizer.specialTokens' is empty; expected at least one, which stands between texts.";
        foreach (var fault in plan.New?.Faults() ?? [])
            yield return fault;
        if (plan.OutputType is not (DType.F32 or DType.F16 or DType.BF16))
            yield return $"'output' is {plan.OutputType}; expected F32, F16 or BF16.";
    }

    static IEnumerable<string> Data(TrainingPlan plan)
    {
        if (plan.Data.Count == 0)
            yield return "'data' is empty; expected at least one text.";
        foreach (var domain in plan.Data)
        {
            if (domain.Share is not (null or (>= 0 and < double.PositiveInfinity)))
                yield return $"'share' of the domain '{domain.Source.Domain}' is {domain.Share}; expected 0 or more.";
            if (domain.Share is null != plan.Data[0].Share is null)
                yield return $"The domain '{domain.Source.Domain}' has {(domain.Share is null ? "no share" : "a share")}, other than the first one; expected shares for all or none.";
            if (domain.HeldOut is not (null or (>= 0 and < 1)))
                yield return $"'heldOut' of the domain '{domain.Source.Domain}' is {domain.HeldOut}; expected a share from 0 to 1.";
        }
        if (plan.Duplicates is { Threshold: not (> 0 and <= 1) } duplicates)
            yield return $"'duplicates.threshold' is {duplicates.Threshold}; expected a similarity above 0, up to 1.";
        if (plan.HeldOut is not (>= 0 and < 1))
            yield return $"'heldOut' is {plan.HeldOut}; expected a share from 0 to 1.";
    }

    static IEnumerable<string> Length(TrainingPlan plan)
    {
        if (plan is { Steps: not null, Tokens: not null })
            yield return "'steps' and 'tokens' are both given; expected one of them.";
        if (plan.Steps is < 1)
            yield return $"'steps' is {plan.Steps}; expected at least 1.";
        if (plan.Tokens is < 1)
            yield return $"'tokens' is {plan.Tokens}; expected at least 1.";
        if (plan.Epochs is not (> 0 and < 1e6))
            yield return $"'epochs' is {plan.Epochs}; expected a number above 0.";
        if (plan.Batch.Sequences < 1)
            yield return $"'batch.sequences' is {plan.Batch.Sequences}; expected at least 1.";
        if (plan.Batch.Length is < 2)
            yield return $"'batch.length' is {plan.Batch.Length}; expected at least 2.";
        if (plan.New is { } made && plan.Batch.Length > made.Context)
            yield return $"'batch.length' is {plan.Batch.Length}; expected at most the context of {made.Context}.";
        if (plan.Batch.MicroSequences is { } micro && (micro < 1 || plan.Batch.Sequences % micro != 0))
            yield return $"'batch.microSequences' is {micro}; expected a divisor of the {plan.Batch.Sequences} sequences.";
    }

    static IEnumerable<string> Numbers(TrainingPlan plan)
    {
        if (plan.ClipNorm is not (null or > 0))
            yield return $"'clipNorm' is {plan.ClipNorm}; expected a number above 0.";
        if (plan.AverageDecay is not (null or (> 0 and < 1)))
            yield return $"'averageDecay' is {plan.AverageDecay}; expected a number between 0 and 1.";
        if (plan.Schedule.Rate is not (> 0 and < 100))
            yield return $"'schedule.rate' is {plan.Schedule.Rate}; expected a number above 0.";
        if (plan.Schedule.WarmUpSteps < 0)
            yield return $"'schedule.warmUpSteps' is {plan.Schedule.WarmUpSteps}; expected 0 or more.";
        foreach (var (name, value) in ((string, long)[])[
            ("evaluation.every", plan.Evaluation.Every), ("evaluation.tokensPerDomain", plan.Evaluation.TokensPerDomain), ("samples.every", plan.Samples.Every),
            ("samples.tokens", plan.Samples.Tokens), ("checkpoints.every", plan.Checkpoints.Every), ("checkpoints.keep", plan.Checkpoints.Keep - 1)])
            if (value < 0)
                yield return $"'{name}' is too small; expected {(name.EndsWith("keep", StringComparison.Ordinal) ? "at least 1" : "0 or more")}.";
        if (plan.Samples.Temperature is not (>= 0 and < 100))
            yield return $"'samples.temperature' is {plan.Samples.Temperature}; expected 0 or more.";
    }
}
