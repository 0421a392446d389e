namespace Brickwork.Inference.Speculation;

/// <summary>Guesses that turn out wrong have to be taken back.</summary>
static class Rollback
{
    /// <exception cref="UnsupportedModelException">What the model remembers cannot go back some tokens.</exception>
    internal static void Require(LanguageModel model, Sequence sequence)
    {
        if (!sequence.CanGoBack)
            throw new UnsupportedModelException(
                $"The model '{model.Config.Name}' ({model.Config.Family}) cannot take guessed tokens back: each token overwrites what it remembers; "
                + "expected a model that keeps keys and values of every token.",
                "Leave speculation out (--draft, --prompt-lookup), or give another model.");
    }
}
