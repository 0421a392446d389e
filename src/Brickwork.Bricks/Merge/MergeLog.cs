using Brickwork.Bricks.Log;
using Brickwork.Models.Conversion;

namespace Brickwork.Bricks.Merge;

/// <summary>What the log of a merged model says of the merge: all that decides a byte of it.</summary>
static class MergeLog
{
    public const string Name = "merge";

    /// <summary>The kernel path that a merge is carried out on.</summary>
    public static InstructionSet KernelsOf(MergeOptions options) => options.InstructionSet ?? InstructionSets.Default;

    /// <param name="recipe">The recipe.</param>
    /// <param name="options">How it is carried out.</param>
    /// <param name="target">The model that is written; null = a brick, whose form shows when it is saved.</param>
    /// <param name="kernels">The kernel path; null = it decides nothing.</param>
    public static LoggedOperation Describe(MergeRecipe recipe, MergeOptions options, string? target, InstructionSet? kernels) => new()
    {
        Name = Name,
        Arguments = LoggedOperation.Given(
        [
            ("recipe", recipe.Text),
            ("file", Path.GetFileName(recipe.Source)),
            ("dialect", options.Dialect.ToString().ToLowerInvariant()),
            ("strictCompatibility", options.StrictCompatibility ? "true" : null),
            (ComputeLog.InstructionSet, kernels?.ToString()),
            .. target is null ? [("form", BrickLog.OwnForm)] : ConversionLog.Arguments(target, new ConvertOptions { MaxFileBytes = options.MaxFileBytes }),
        ]),
        Seed = options.Seed,
    };
}
