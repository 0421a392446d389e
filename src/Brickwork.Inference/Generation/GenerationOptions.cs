namespace Brickwork;

/// <summary>How a text is generated.</summary>
public sealed record GenerationOptions
{
    /// <summary>The most tokens to generate, at least 1; null = until the model ends its text or the context is full.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Texts that end the generation; they are not given out themselves.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>How each token is chosen.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>What happens when the text fills the context.</summary>
    public ContextOverflow Overflow { get; init; } = ContextOverflow.Stop;

    /// <summary>How tokens are guessed ahead to save time; null = not at all.</summary>
    public SpeculationOptions? Speculation { get; init; }

    internal void Validate(int vocabulary)
    {
        List<string> faults = [];
        if (MaxTokens is < 1)
            faults.Add($"MaxTokens is {MaxTokens}, expected at least 1, or null");
        if (Stop.Any(string.IsNullOrEmpty))
            faults.Add("Stop holds an empty text, expected texts of at least one character");
        if (Speculation?.DraftTokens is < 1 or > SpeculationOptions.MostDraftTokens)
            faults.Add($"Speculation.DraftTokens is {Speculation.DraftTokens}, expected 1 to {SpeculationOptions.MostDraftTokens}, or null");
        faults.AddRange(Inference.Sampling.SamplingFaults.In(Sampling, vocabulary));
        if (faults.Count > 0)
            throw new ArgumentException($"The generation options cannot be used: {string.Join("; ", faults)}.");
    }
}
