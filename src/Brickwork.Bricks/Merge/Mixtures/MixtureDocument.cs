namespace Brickwork.Bricks.Merge.Mixtures;

/// <summary>Where the rows of a router come from.</summary>
enum GateMode
{
    /// <summary>The hidden values of the last token of each prompt, before each layer.</summary>
    HiddenLast,

    /// <summary>Their mean over a prompt's tokens.</summary>
    HiddenAverage,

    /// <summary>The embeddings of a prompt's tokens, for all layers the same.</summary>
    Embedding,

    /// <summary>Drawn from a normal distribution.</summary>
    Random,

    /// <summary>Drawn evenly from ±1/√D.</summary>
    UniformRandom,
}

/// <summary>A model whose feed-forward parts become an expert.</summary>
/// <param name="Model">A path or a name.</param>
/// <param name="Positive">Prompts for which it is to be chosen.</param>
/// <param name="Negative">Prompts for which it is not.</param>
/// <param name="NoiseScale">How much noise is added to its weights; null = none.</param>
/// <param name="ResidualScale">A factor on what it adds to the hidden values; null = 1.</param>
sealed record MixtureExpert(string Model, IReadOnlyList<string> Positive, IReadOnlyList<string> Negative, double? NoiseScale, double? ResidualScale);

/// <summary>A mixture of experts made of dense models: mergekit-moe's configuration.</summary>
sealed record MixtureDocument
{
    public required string BaseModel { get; init; }

    public GateMode Gate { get; init; }

    /// <summary>A storage type or mix; null = as the models store their tensors.</summary>
    public string? OutputType { get; init; }

    public int ExpertsPerToken { get; init; } = 2;

    public required IReadOnlyList<MixtureExpert> Experts { get; init; }

    /// <summary>Works for every token; only some families have a place for it.</summary>
    public MixtureExpert? Shared { get; init; }

    /// <summary>The family that was asked for; null = what the base's family becomes.</summary>
    public string? Architecture { get; init; }

    public long Seed { get; init; }
}
