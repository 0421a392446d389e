namespace Brickwork;

/// <summary>How texts become vectors.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>How the vectors of the tokens become one; null = as the model was trained.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Whether a vector is scaled to length 1.</summary>
    public bool Normalize { get; init; } = true;
}
