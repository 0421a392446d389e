namespace Brickwork;

/// <summary>A training cannot go on: its loss is no number any more, or the disk is full. Its last good checkpoint is named.</summary>
/// <inheritdoc cref="BrickworkException"/>
public sealed class TrainingStoppedException(string message, string nextStep, Exception? cause = null)
    : BrickworkException(message, nextStep, cause);
