namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>What a template may cost: it comes with a model file, so it may be damaged or hostile.</summary>
static class RenderLimits
{
    /// <summary>Characters of the whole output, and of any text on the way to it.</summary>
    public const int Characters = 10_000_000;

    /// <summary>Elementary steps: expressions evaluated, values printed or compared.</summary>
    public const int Steps = 10_000_000;

    /// <summary>How deep values, macro calls and expressions may nest.</summary>
    public const int Nesting = 200;

    /// <summary>Numbers in one <c>range</c> and items in one list made by an operator.</summary>
    public const int ListLength = 100_000;
}
