namespace Brickwork;

/// <summary>A prompt holds more tokens than the model's context.</summary>
/// <param name="tokens">Tokens of the prompt.</param>
/// <param name="context">Tokens that fit.</param>
public sealed class PromptTooLongException(int tokens, int context) : BrickworkException(
    $"The prompt is too long: it has {tokens} tokens, and the context holds {context}.",
    "Shorten the prompt, or give a larger context: --context N")
{
    /// <summary>Tokens of the prompt.</summary>
    public int Tokens { get; } = tokens;

    /// <summary>Tokens that fit.</summary>
    public int Context { get; } = context;
}
