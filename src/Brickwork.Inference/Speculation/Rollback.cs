namespace Brickwork.Inference.Speculation;

/// <summary>Guesses that turn out wrong have to be taken back.</summary>
static class Rollback
{
    /// <exception cref="UnsupportedModelException">What the model remembers cannot go back some tokens.</exception>
    internal static void Require(LanguageModel model, RunnerOptions options)
    {
        using var runner = model.CreateRunner(options);
        using var sequence = runner.StartSequence();
        if (!sequence.CanGoBack)
            throw new UnsupportedModelException(
                $"The model '{model.Config.Name}' ({model.Config.Family}) cannot take guessed tokens back: what it remembers, run like this, changes with every token for good; "
                + "expected keys and values that stay until the text is done.",
                "Leave speculation out (--draft, --prompt-lookup), or --evict h2o and snapkv, or give another model.");
    }
}
