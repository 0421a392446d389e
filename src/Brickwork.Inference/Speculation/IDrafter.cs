namespace Brickwork.Inference.Speculation;

/// <summary>Makes drafters that share what is expensive.</summary>
interface IDraftSource : IDisposable
{
    /// <summary>A drafter for one text.</summary>
    IDrafter Start(SamplingOptions sampling);
}

/// <summary>Guesses how one text goes on.</summary>
interface IDrafter : IDisposable
{
    /// <summary>Whether guesses are drawn from a distribution. Every token must then be guessed, so that the text does not depend on how many are.</summary>
    bool Draws { get; }

    /// <summary>Adds guesses to a draft: fewer than wished where there is nothing to say.</summary>
    /// <param name="context">What the model has read and is about to read.</param>
    /// <param name="place">How many tokens of the text were chosen before the first guess.</param>
    /// <param name="most">How many guesses are wished.</param>
    /// <param name="draft">Where they go.</param>
    /// <param name="cancellation">Guessing may end early.</param>
    void Propose(ReadOnlySpan<int> context, int place, int most, Draft draft, CancellationToken cancellation);
}
