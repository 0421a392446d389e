namespace Brickwork;

/// <summary>The chat template refused the conversation with <c>raise_exception</c>, for example because roles do not alternate.</summary>
/// <inheritdoc cref="BrickworkException"/>
public sealed class ChatTemplateException(string message, string nextStep, Exception? cause = null)
    : BrickworkException(message, nextStep, cause);
