using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Routing;

/// <summary>A model with bricks that work together as the user said.</summary>
/// <param name="Model">With the bricks plugged in.</param>
/// <param name="Choices">The strengths to run it under, one text for each; none = as plugged.</param>
sealed record RoutedModel(LanguageModel Model, IReadOnlyList<BrickStrengths> Choices) : IDisposable
{
    /// <summary>How to run it, where there is one text.</summary>
    /// <exception cref="UsageException">The user asked for several answers.</exception>
    public RunnerOptions Runner(RunnerOptions options) => Choices switch
    {
        [] => options,
        [var only] => options with { Bricks = only },
        _ => throw new UsageException("--route parallel gives one answer for each brick; this verb gives one.", "Ask: brick ask PROMPT --bricks FOLDER --route parallel"),
    };

    public void Dispose() => Model.Dispose();
}
