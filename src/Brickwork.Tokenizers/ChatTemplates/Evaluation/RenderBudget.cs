namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>Counts the work of one rendering and stops it at <see cref="RenderLimits"/>.</summary>
sealed class RenderBudget
{
    // Work over characters runs many at a time, so a character costs a fraction of a step.
    const int CharactersPerStep = 32;

    long _steps;

    public void Spend(long steps)
    {
        _steps += steps;
        if (_steps > RenderLimits.Steps)
            throw new TemplateFault($"the template takes more than {RenderLimits.Steps} steps");
    }

    /// <summary>Accounts for work over a text of this length.</summary>
    public void SpendText(long length) => Spend(1 + (length / CharactersPerStep));

    public static void CheckLength(long characters)
    {
        if (characters > RenderLimits.Characters)
            throw new TemplateFault($"a text grows beyond {RenderLimits.Characters} characters");
    }

    public static void CheckDepth(int depth)
    {
        if (depth > RenderLimits.Nesting)
            throw new TemplateFault($"values nest deeper than {RenderLimits.Nesting} levels");
    }

    public static void CheckCount(long items)
    {
        if (items > RenderLimits.ListLength)
            throw new TemplateFault($"a list grows beyond {RenderLimits.ListLength} items");
    }

    /// <summary>Accounts for a list that is copied as a whole.</summary>
    public void CopyItems(long items)
    {
        CheckCount(items);
        SpendText(items);
    }
}
