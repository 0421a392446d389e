namespace Brickwork;

/// <summary>How tokens become text.</summary>
[Flags]
public enum DecodeOptions
{
    /// <summary>Control and unknown tokens are left out; every other token gives exactly its text.</summary>
    None = 0,

    /// <summary>Control and unknown tokens are written out, such as <c>&lt;|im_end|&gt;</c>.</summary>
    RenderSpecial = 1,

    /// <summary>Spaces before punctuation and English contractions are removed where the tokenizer's definition asks for it (not when streaming).</summary>
    CleanUpSpaces = 2,
}
