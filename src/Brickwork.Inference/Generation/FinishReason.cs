namespace Brickwork;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended its text, or a stop string came.</summary>
    Stop,

    /// <summary>The wished number of tokens is reached.</summary>
    Length,

    /// <summary>The context holds no further token.</summary>
    ContextFull,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
