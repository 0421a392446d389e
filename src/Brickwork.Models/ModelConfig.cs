namespace Brickwork;

/// <summary>How an embedding model makes one vector of the vectors of its tokens.</summary>
public enum Pooling
{
    /// <summary>Not at all: one vector for each token.</summary>
    None,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The vector of the first token.</summary>
    First,

    /// <summary>The vector of the last token.</summary>
    Last,
}

/// <summary>The sizes of a model.</summary>
public sealed record ModelConfig
{
    /// <summary>The family's exact name, such as <c>llama</c>.</summary>
    public required string Family { get; init; }

    /// <summary>What the model calls itself.</summary>
    public required string Name { get; init; }

    /// <summary>How many layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Values in a hidden row.</summary>
    public required int Width { get; init; }

    /// <summary>Attention heads of the first layer that has some; 0 where there is no attention.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads that keep keys and values.</summary>
    public required int KvHeads { get; init; }

    /// <summary>How many tokens there are.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Tokens a sequence may hold.</summary>
    public required int Context { get; init; }

    /// <summary>How many weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of all weights as stored.</summary>
    public required long Bytes { get; init; }

    /// <summary>How token vectors become one, where the model gives embeddings.</summary>
    public required Pooling Pooling { get; init; }
}
