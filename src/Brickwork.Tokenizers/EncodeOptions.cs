namespace Brickwork;

/// <summary>How <see cref="Tokenizer.Encode(string, EncodeOptions)"/> treats special tokens.</summary>
[Flags]
public enum EncodeOptions
{
    /// <summary>Plain text: what looks like a special token is spelled out like any other text.</summary>
    None = 0,

    /// <summary>Adds the tokens that the model expects around a text (start, end); never a second start where the text begins with one.</summary>
    AddSpecial = 1,

    /// <summary>The text of a special token, such as <c>&lt;|im_end|&gt;</c>, becomes that token.</summary>
    ParseSpecial = 2,

    /// <summary>Both.</summary>
    All = AddSpecial | ParseSpecial,
}
