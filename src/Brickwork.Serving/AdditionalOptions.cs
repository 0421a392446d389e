using System.Globalization;
using Microsoft.Extensions.AI;

namespace Brickwork.Serving;

/// <summary>Sampling options that Microsoft.Extensions.AI has no property for, by the names other servers use.</summary>
static class AdditionalOptions
{
    const string Known = "min_p, typical_p, repeat_penalty, penalty_window, mirostat_tau, mirostat_eta, logprobs";

    internal static SamplingOptions Apply(AdditionalPropertiesDictionary? properties, SamplingOptions sampling)
    {
        foreach (var (name, value) in properties ?? [])
            sampling = Apply(name, value, sampling);
        return sampling;
    }

    static SamplingOptions Apply(string name, object? value, SamplingOptions sampling) => name switch
    {
        "min_p" => sampling with { MinP = Number(name, value) },
        "typical_p" => sampling with { TypicalP = Number(name, value) },
        "repeat_penalty" => sampling with { RepeatPenalty = Number(name, value) },
        "penalty_window" => sampling with { PenaltyWindow = (int)Number(name, value) },
        "logprobs" => sampling with { LogProbabilities = (int)Number(name, value) },
        "mirostat_tau" => sampling with { Mirostat = (sampling.Mirostat ?? new Mirostat()) with { TargetSurprise = Number(name, value) } },
        "mirostat_eta" => sampling with { Mirostat = (sampling.Mirostat ?? new Mirostat()) with { LearningRate = Number(name, value) } },
        _ => throw new NotSupportedException($"ChatOptions.AdditionalProperties holds '{name}'; this client knows {Known}."),
    };

    static float Number(string name, object? value)
    {
        // Requests that came as JSON carry numbers as JsonElement, whose text is the number.
        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        return float.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new NotSupportedException($"ChatOptions.AdditionalProperties['{name}'] is '{text}'; expected a number.");
    }
}
