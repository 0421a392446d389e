namespace Brickwork;

/// <summary>What happens when a text fills the context.</summary>
public enum ContextOverflow
{
    /// <summary>The generation ends with <see cref="FinishReason.ContextFull"/>.</summary>
    Stop,

    /// <summary>The model goes on with the first token and the newest half of the text, which it reads again.</summary>
    Slide,
}
