namespace Brickwork.Inference.Generation;

/// <summary>Takes the times of one generation, and counts its passes and guesses.</summary>
sealed class GenerationClock(TimeProvider time, int promptTokens)
{
    readonly long _start = time.GetTimestamp();
    TimeSpan? _firstToken;
    int _passes;
    int _drafted;
    int _accepted;

    /// <summary>Tokens of the prompt that were not read again.</summary>
    internal int ReusedTokens { get; init; }

    internal void MarkToken() => _firstToken ??= time.GetElapsedTime(_start);

    internal void MarkPass(int drafted)
    {
        _passes++;
        _drafted += drafted;
    }

    internal void MarkAccepted() => _accepted++;

    internal GenerationTiming Stop(int tokens)
    {
        var total = time.GetElapsedTime(_start);
        return new GenerationTiming
        {
            PromptTokens = promptTokens, ReusedTokens = ReusedTokens, Tokens = tokens, FirstToken = _firstToken ?? total, Total = total,
            Passes = _passes, Drafted = _drafted, Accepted = _accepted,
        };
    }
}
