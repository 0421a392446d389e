namespace Brickwork;

/// <summary>What a vocabulary entry is; the numbers are GGUF's <c>tokenizer.ggml.token_type</c>.</summary>
public enum TokenType
{
    /// <summary>Nothing is said; treated as <see cref="Unused"/>.</summary>
    Undefined = 0,

    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for text that the vocabulary cannot spell.</summary>
    Unknown = 2,

    /// <summary>A mark such as the start of a text; never comes from ordinary text.</summary>
    Control = 3,

    /// <summary>A whole word added by hand; found in the text before anything else is.</summary>
    UserDefined = 4,

    /// <summary>A hole in the vocabulary.</summary>
    Unused = 5,

    /// <summary>One byte, written <c>&lt;0x0A&gt;</c>.</summary>
    Byte = 6,
}
