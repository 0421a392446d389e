namespace Brickwork;

/// <summary>How an importance matrix is measured.</summary>
public sealed record ImportanceOptions
{
    /// <summary>Tokens of a piece of text, start token included; at least 2. Null = 512, or the model's context if shorter.</summary>
    public int? Window { get; init; }

    /// <summary>Measures only this many pieces; at least 1.</summary>
    public int? Limit { get; init; }

    /// <summary>Names of the texts, which are kept with what was measured.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    internal PerplexityOptions Windows(int context) => new() { Window = Window ?? Math.Min(512, context), Limit = Limit };
}
