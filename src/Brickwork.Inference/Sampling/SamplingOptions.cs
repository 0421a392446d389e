using System.Collections.ObjectModel;

namespace Brickwork;

/// <summary>How the next token is chosen from the logits. Null turns a step off.</summary>
/// <remarks>
/// The steps run in this order: <see cref="LogitBias"/>, repeat, presence and frequency penalty, <see cref="TopK"/>, <see cref="TypicalP"/>,
/// <see cref="TopP"/>, <see cref="MinP"/>, <see cref="Temperature"/>, draw. Equal logits rank by token id, lower first.
/// </remarks>
public sealed record SamplingOptions
{
    /// <summary>Always the likeliest token; no randomness.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Divides the logits: below 1 is bolder towards the likely, above 1 is flatter, 0 takes the likeliest token.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keeps this many of the likeliest tokens; at least 1.</summary>
    public int? TopK { get; init; } = 40;

    /// <summary>Keeps the smallest set of likeliest tokens whose probabilities sum to this or more; above 0, at most 1.</summary>
    public float? TopP { get; init; } = 0.95f;

    /// <summary>Keeps tokens at least this fraction as likely as the likeliest; 0 to 1.</summary>
    public float? MinP { get; init; } = 0.05f;

    /// <summary>Keeps the tokens whose surprise is nearest to the mean surprise, until their probabilities sum to this; above 0, at most 1.</summary>
    public float? TypicalP { get; init; }

    /// <summary>Positive logits of recent tokens are divided by this, negative ones multiplied; 1 changes nothing. 0.01 to 100.</summary>
    public float RepeatPenalty { get; init; } = 1;

    /// <summary>Subtracted from the logit of every recent token; 0 changes nothing.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Subtracted from the logit of a recent token once for every time it occurs; 0 changes nothing.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>How many of the last tokens, prompt included, count as recent for the three penalties; at least 1.</summary>
    public int PenaltyWindow { get; init; } = 64;

    /// <summary>Replaces top-k, typical, top-p and min-p by control of the surprise. Needs a temperature above 0.</summary>
    public Mirostat? Mirostat { get; init; }

    /// <summary>Added to the logits of these token ids; negative infinity bans a token.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = ReadOnlyDictionary<int, float>.Empty;

    /// <summary>The same seed, options and logits give the same tokens.</summary>
    public int Seed { get; init; }

    /// <summary>Reports log-probabilities: of the chosen token, and of this many of the likeliest ones (0 to 1000).</summary>
    /// <remarks>They are the model's own, before any step above.</remarks>
    public int? LogProbabilities { get; init; }
}
