namespace Brickwork;

/// <summary>For which of the tokens fed the model gives its output.</summary>
public enum LogitRows
{
    /// <summary>For the last one.</summary>
    Last,

    /// <summary>For every one.</summary>
    All,

    /// <summary>For none: the tokens only go into the cache.</summary>
    None,
}
