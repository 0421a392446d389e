namespace Brickwork;

/// <summary>A sequence would hold more tokens than the model's context.</summary>
public sealed class ContextFullException : BrickworkException
{
    internal ContextFullException(int length, int more, int context) : base(
        $"The text is too long: {length} tokens so far and {more} more do not fit a context of {context}.",
        "Shorten the text, or give a larger context: --context N")
    {
        Needed = length + (long)more;
        Context = context;
    }

    /// <summary>Tokens the sequence would hold.</summary>
    public long Needed { get; }

    /// <summary>Tokens it may hold.</summary>
    public int Context { get; }
}
