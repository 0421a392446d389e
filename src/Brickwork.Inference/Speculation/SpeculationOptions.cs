using Brickwork.Inference.Speculation;

namespace Brickwork;

/// <summary>How tokens are guessed ahead, so that one pass of the model can check several. Guessing changes the time a text takes, not its distribution.</summary>
/// <remarks>
/// Greedy texts, and texts guessed by <see cref="PromptLookup"/>, are those of plain writing, token by token. A text drawn with a
/// <see cref="DraftModel"/> follows the same distribution and depends on that model and the seed, not on how many tokens are guessed.
/// </remarks>
public abstract record SpeculationOptions
{
    internal const int MostDraftTokens = 64;

    /// <summary>Tokens guessed for each pass, 1 to 64; null = as many as measured times and the share of right guesses make worthwhile, which may be none.</summary>
    public int? DraftTokens { get; init; }

    /// <summary>The most tokens guessed where the number is measured.</summary>
    internal abstract int MostWorthwhile { get; }

    /// <summary>Gets ready to guess for a model.</summary>
    /// <exception cref="UnsupportedModelException">The two models do not fit together.</exception>
    internal abstract IDraftSource Open(LanguageModel target, RunnerOptions runner);
}

/// <summary>Guesses that the text goes on as it did where its last tokens stood before: free, and good for texts that repeat their prompt.</summary>
/// <remarks>Saxena 2023, prompt lookup decoding.</remarks>
public sealed record PromptLookup : SpeculationOptions
{
    internal override int MostWorthwhile => 10;

    internal override IDraftSource Open(LanguageModel target, RunnerOptions runner) => new LookupDrafter();
}

/// <summary>Lets a smaller model with the same vocabulary guess.</summary>
/// <param name="Model">The smaller model; must outlive its use.</param>
/// <remarks>Leviathan et al. 2023, speculative decoding.</remarks>
public sealed record DraftModel(LanguageModel Model) : SpeculationOptions
{
    internal override int MostWorthwhile => 16;

    internal override IDraftSource Open(LanguageModel target, RunnerOptions runner) => new ModelDraftSource(target, Model, runner);
}
