namespace Brickwork.Tokenizers.Special;

/// <summary>A token that is found in the text as a whole, before anything else is done to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">What is looked for.</param>
sealed record SpecialToken(int Id, string Text)
{
    /// <summary>Whether it counts only where special tokens are to be parsed.</summary>
    public bool OnlyWhenParsing { get; init; }

    /// <summary>Whether white space before it belongs to it.</summary>
    public bool StripLeft { get; init; }

    /// <summary>Whether white space behind it belongs to it.</summary>
    public bool StripRight { get; init; }

    /// <summary>Whether it must not touch other letters.</summary>
    public bool SingleWord { get; init; }
}
