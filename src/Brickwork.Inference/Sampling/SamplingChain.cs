namespace Brickwork.Inference.Sampling;

/// <summary>Which steps options ask for, in their order.</summary>
static class SamplingChain
{
    internal static bool NeedsHistory(SamplingOptions options) =>
        options.RepeatPenalty != 1 || options.PresencePenalty != 0 || options.FrequencyPenalty != 0;

    internal static ILogitStep[] LogitSteps(SamplingOptions options, RecentTokens? recent)
    {
        List<ILogitStep> steps = [];
        if (options.LogitBias.Count > 0)
            steps.Add(new BiasStep(options.LogitBias));
        if (options.RepeatPenalty != 1)
            steps.Add(new RepeatPenaltyStep(recent!, options.RepeatPenalty));
        if (options.PresencePenalty != 0)
            steps.Add(new PresencePenaltyStep(recent!, options.PresencePenalty));
        if (options.FrequencyPenalty != 0)
            steps.Add(new FrequencyPenaltyStep(recent!, options.FrequencyPenalty));
        return [.. steps];
    }

    internal static ICandidateStep[] CandidateSteps(SamplingOptions options, int vocabulary)
    {
        if (options.Temperature == 0)
            return [];
        if (options.Mirostat is { } mirostat)
            return [new TemperatureStep(options.Temperature), new MirostatStep(mirostat)];

        List<ICandidateStep> steps = [];
        if (options.TopK is { } k)
            steps.Add(new TopKStep(k));
        if (options.TypicalP is { } typicalP)
            steps.Add(new TypicalPStep(typicalP, vocabulary));
        if (options.TopP is { } topP)
            steps.Add(new TopPStep(topP));
        if (options.MinP is { } minP)
            steps.Add(new MinPStep(minP));
        steps.Add(new TemperatureStep(options.Temperature));
        return [.. steps];
    }
}
