namespace Brickwork;

/// <summary>How a text is measured.</summary>
public sealed record PerplexityOptions
{
    /// <summary>Tokens the model sees at once, start token included; at least 2. Null = the model's context.</summary>
    public int? Window { get; init; }

    /// <summary>Tokens from the start of one window to the next, at least 1; smaller = more context for each token.</summary>
    /// <remarks>
    /// Null = the window; under <see cref="SnapEviction"/> half of it, as the half that is only read is the prompt of which something is
    /// given up. Only for an undivided text: paragraphs and lines are cut at the window.
    /// </remarks>
    public int? Stride { get; init; }

    /// <summary>How the text is cut into pieces.</summary>
    public TextSplit Split { get; init; }

    /// <summary>Measures only this many pieces, or windows of an undivided text; at least 1.</summary>
    public int? Limit { get; init; }

    /// <summary>How the model is run; null = the defaults.</summary>
    public RunnerOptions? Runner { get; init; }

    /// <summary>The same with window and stride filled in.</summary>
    internal PerplexityOptions For(LanguageModel model)
    {
        var window = Window ?? Math.Min(Runner?.Context ?? int.MaxValue, model.Config.Context);
        var prompts = Runner?.Eviction is SnapEviction;
        if (prompts && (Split != TextSplit.None || Stride >= window))
            throw new ArgumentException("Eviction of prompts (snapkv) needs prompts: an undivided text and a stride below the window.");
        return this with { Window = window, Stride = Stride ?? (prompts ? Math.Max(1, window / 2) : window) };
    }

    internal void Validate(int context)
    {
        List<string> faults = [];
        if (Window is { } window && (window < 2 || window > context))
            faults.Add($"Window is {window}, expected 2 to {context} (the model's context)");
        if (Stride is < 1)
            faults.Add($"Stride is {Stride}, expected at least 1");
        if (Limit is < 1)
            faults.Add($"Limit is {Limit}, expected at least 1");
        if (faults.Count > 0)
            throw new ArgumentException($"The perplexity options cannot be used: {string.Join("; ", faults)}.");
    }
}
