using Brickwork.Models.Conversion;

namespace Brickwork.Bricks.Merge;

/// <summary>What the log of a merged model says of the merge: all that decides a byte of it.</summary>
static class MergeLog
{
    public const string Name = "merge";

    public static LoggedOperation Describe(MergeRecipe recipe, MergeOptions options, string target) => new()
    {
        Name = Name,
        Arguments = LoggedOperation.Given(
        [
            ("recipe", recipe.Text),
            ("file", Path.GetFileName(recipe.Source)),
            ("dialect", options.Dialect.ToString().ToLowerInvariant()),
            ("strictCompatibility", options.StrictCompatibility ? "true" : null),
            .. ConversionLog.Arguments(target, new ConvertOptions { MaxFileBytes = options.MaxFileBytes }),
        ]),
        Seed = options.Seed,
    };
}
