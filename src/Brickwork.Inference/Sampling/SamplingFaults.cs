using System.Globalization;

namespace Brickwork.Inference.Sampling;

/// <summary>Finds everything that is wrong with sampling options at once.</summary>
static class SamplingFaults
{
    internal static void ThrowIfAny(SamplingOptions options, int vocabulary)
    {
        List<string> faults = [.. In(options, vocabulary)];
        if (faults.Count > 0)
            throw new ArgumentException($"The sampling options cannot be used: {string.Join("; ", faults)}.", nameof(options));
    }

    internal static IEnumerable<string> In(SamplingOptions options, int vocabulary) => InSteps(options).Concat(InBias(options.LogitBias, vocabulary));

    static IEnumerable<string> InSteps(SamplingOptions options)
    {
        if (!(options.Temperature >= 0 && float.IsFinite(options.Temperature)))
            yield return Fault("Temperature", options.Temperature, "0 or more");
        if (options.TopK is < 1)
            yield return Fault("TopK", options.TopK, "at least 1, or null");
        if (options.TopP is { } topP && !(topP > 0 && topP <= 1))
            yield return Fault("TopP", topP, "above 0 and at most 1, or null");
        if (options.MinP is { } minP && !(minP >= 0 && minP <= 1))
            yield return Fault("MinP", minP, "0 to 1, or null");
        if (options.TypicalP is { } typicalP && !(typicalP > 0 && typicalP <= 1))
            yield return Fault("TypicalP", typicalP, "above 0 and at most 1, or null");
        foreach (var fault in InPenalties(options).Concat(InMirostat(options)))
            yield return fault;
        if (options.LogProbabilities is < 0 or > 1000)
            yield return Fault("LogProbabilities", options.LogProbabilities, "0 to 1000, or null");
    }

    static IEnumerable<string> InPenalties(SamplingOptions options)
    {
        if (!(options.RepeatPenalty is >= 0.01f and <= 100))
            yield return Fault("RepeatPenalty", options.RepeatPenalty, "0.01 to 100");
        if (!(Math.Abs(options.PresencePenalty) <= 1000))
            yield return Fault("PresencePenalty", options.PresencePenalty, "-1000 to 1000");
        if (!(Math.Abs(options.FrequencyPenalty) <= 1000))
            yield return Fault("FrequencyPenalty", options.FrequencyPenalty, "-1000 to 1000");
        if (options.PenaltyWindow < 1)
            yield return Fault("PenaltyWindow", options.PenaltyWindow, "at least 1");
    }

    static IEnumerable<string> InMirostat(SamplingOptions options)
    {
        if (options.Mirostat is not { } mirostat)
            yield break;
        if (options.Temperature == 0)
            yield return "Mirostat is on but Temperature is 0; expected a temperature above 0";
        if (!(mirostat.TargetSurprise > 0 && float.IsFinite(mirostat.TargetSurprise)))
            yield return Fault("Mirostat.TargetSurprise", mirostat.TargetSurprise, "above 0");
        if (!(mirostat.LearningRate > 0 && mirostat.LearningRate <= 1))
            yield return Fault("Mirostat.LearningRate", mirostat.LearningRate, "above 0 and at most 1");
    }

    static IEnumerable<string> InBias(IReadOnlyDictionary<int, float> bias, int vocabulary)
    {
        foreach (var (id, value) in bias)
        {
            if (id < 0 || id >= vocabulary)
                yield return Fault("LogitBias token", id, $"0 to {vocabulary - 1}");
            if (!(value <= 1_000_000))
                yield return Fault($"LogitBias of token {id}", value, "at most 1000000, or negative infinity to ban the token");
        }
    }

    static string Fault(string name, object? found, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} is {found}, expected {expected}");
}
