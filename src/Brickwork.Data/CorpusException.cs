namespace Brickwork;

/// <summary>A text that was to be read is missing, empty, or not what its name says.</summary>
/// <inheritdoc cref="BrickworkException"/>
public sealed class CorpusException(string message, string nextStep, Exception? cause = null)
    : BrickworkException(message, nextStep, cause);
