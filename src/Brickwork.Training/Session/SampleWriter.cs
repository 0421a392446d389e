namespace Brickwork.Training.Session;

/// <summary>Lets the model write while it is trained.</summary>
static class SampleWriter
{
    const int PromptTokens = 12;
    const int MostDomains = 4;

    public static IEnumerable<SampleMetrics> Write(SamplePlan plan, TrainingData data, LanguageModel model, long stepsDone, long seed)
    {
        var options = new GenerationOptions
        {
            MaxTokens = plan.Tokens,
            Sampling = new SamplingOptions { Temperature = plan.Temperature, Seed = unchecked((int)(seed + stepsDone)) },
        };
        foreach (var prompt in plan.Prompts.Count > 0 ? plan.Prompts : [.. data.Beginnings(PromptTokens).Take(MostDomains)])
            yield return new SampleMetrics(stepsDone, prompt, model.Generate(prompt, options).Text);
    }
}
