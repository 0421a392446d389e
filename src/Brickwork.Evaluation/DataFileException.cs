namespace Brickwork;

/// <summary>A file of texts or tasks is missing, damaged or of another form than asked for.</summary>
/// <inheritdoc cref="BrickworkException"/>
public sealed class DataFileException(string message, string nextStep, Exception? cause = null)
    : BrickworkException(message, nextStep, cause);
