namespace Brickwork.Inference.Generation;

/// <summary>Takes the times of one generation.</summary>
sealed class GenerationClock(TimeProvider time, int promptTokens)
{
    readonly long _start = time.GetTimestamp();
    TimeSpan? _firstToken;

    /// <summary>Tokens of the prompt that were not read again.</summary>
    internal int ReusedTokens { get; init; }

    internal void MarkToken() => _firstToken ??= time.GetElapsedTime(_start);

    internal GenerationTiming Stop(int tokens)
    {
        var total = time.GetElapsedTime(_start);
        return new GenerationTiming
        {
            PromptTokens = promptTokens, ReusedTokens = ReusedTokens, Tokens = tokens, FirstToken = _firstToken ?? total, Total = total,
        };
    }
}
