namespace Brickwork;

/// <summary>How a generation ended, and how long it took.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="StopString">The stop string that ended it, if one did.</param>
/// <param name="Timing">Counts and times.</param>
public sealed record GenerationEnd(FinishReason Reason, string? StopString, GenerationTiming Timing);

/// <summary>Counts and times of one generation.</summary>
public sealed record GenerationTiming
{
    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Those of them that the model still knew from before and did not read again.</summary>
    public required int ReusedTokens { get; init; }

    /// <summary>Tokens generated, a closing end token not counted.</summary>
    public required int Tokens { get; init; }

    /// <summary>From the start to the first token.</summary>
    public required TimeSpan FirstToken { get; init; }

    /// <summary>From the start to the end.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>How often the model ran to choose tokens; without speculation, once for each.</summary>
    public required int Passes { get; init; }

    /// <summary>Tokens that speculation guessed.</summary>
    public required int Drafted { get; init; }

    /// <summary>Those of them that the model chose, too.</summary>
    public required int Accepted { get; init; }

    /// <summary>How many tokens a pass gave; more than 1 where guesses were right.</summary>
    public double TokensPerPass => Passes > 0 ? (double)Tokens / Passes : 0;

    /// <summary>How fast the prompt was read.</summary>
    public double PromptTokensPerSecond => Rate(PromptTokens - ReusedTokens, FirstToken);

    /// <summary>How fast tokens came after the first.</summary>
    public double TokensPerSecond => Rate(Tokens - 1, Total - FirstToken);

    static double Rate(int tokens, TimeSpan time) => tokens > 0 && time > TimeSpan.Zero ? tokens / time.TotalSeconds : 0;
}
