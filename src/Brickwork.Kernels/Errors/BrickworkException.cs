namespace Brickwork;

/// <summary>A fault in what the user gave us: a file, a recipe, a slot name. Bugs of a caller raise the exceptions of the base library.</summary>
/// <param name="message">What, where, found, expected; one sentence.</param>
/// <param name="nextStep">What the user can do about it; one sentence or a command.</param>
/// <param name="cause">The exception underneath, if any.</param>
public abstract class BrickworkException(string message, string nextStep, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What the user can do about it.</summary>
    public string NextStep { get; } = nextStep;
}

/// <summary>A model file or folder is missing, damaged or lies about itself.</summary>
/// <inheritdoc cref="BrickworkException"/>
public sealed class CheckpointException(string message, string nextStep, Exception? cause = null)
    : BrickworkException(message, nextStep, cause);

/// <summary>A file is sound, but asks for a family, tensor type or option that this version does not have.</summary>
/// <inheritdoc cref="BrickworkException"/>
public sealed class UnsupportedModelException(string message, string nextStep, Exception? cause = null)
    : BrickworkException(message, nextStep, cause);

/// <summary>A recipe or plan is missing, asks for what makes no sense, or does not fit what it is applied to.</summary>
/// <inheritdoc cref="BrickworkException"/>
public sealed class RecipeException(string message, string nextStep, Exception? cause = null)
    : BrickworkException(message, nextStep, cause);

/// <summary>A slot path names no slot of the model.</summary>
/// <inheritdoc cref="BrickworkException"/>
public sealed class SlotNotFoundException(string message, string nextStep, Exception? cause = null)
    : BrickworkException(message, nextStep, cause);

/// <summary>What is asked for needs more memory than it was allowed to take.</summary>
/// <inheritdoc cref="BrickworkException"/>
public sealed class MemoryLimitException(string message, string nextStep, Exception? cause = null)
    : BrickworkException(message, nextStep, cause);
