namespace Brickwork;

/// <summary>How a text is cut into pieces that are read independently of each other.</summary>
public enum TextSplit
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>At blank lines.</summary>
    Paragraph,

    /// <summary>At line ends; blank lines are left out.</summary>
    Line,
}
