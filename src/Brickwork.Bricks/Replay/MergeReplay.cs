using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Planning;

namespace Brickwork.Bricks.Replay;

/// <summary>Merges; the recipe stands in the log.</summary>
sealed class MergeReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = [MergeLog.Name];

    public void Run(ReplayedOperation work)
    {
        var recipe = MergeRecipe.Parse(work.Argument("recipe"), work.Argument("file"));
        var options = new MergeOptions
        {
            Dialect = Enum.TryParse<MergeDialect>(work.Argument("dialect"), ignoreCase: true, out var dialect) ? dialect : throw work.Wrong($"has the unknown dialect '{work.Find("dialect")}'"),
            StrictCompatibility = work.Find("strictCompatibility") is not null,
            // The inputs are found by their hashes.
            AnyParent = true,
            Seed = work.Operation.Seed,
            MaxFileBytes = work.FindNumber("split"),
            Places = work.Operation.Inputs.Zip(work.Paths).DistinctBy(entry => entry.First.Name).ToDictionary(entry => entry.First.Name, entry => entry.Second, StringComparer.Ordinal),
            Texts = work.PathOf(NamedText.OfOptions),
            Operation = work.Operation,
            Overwrite = work.Options.Overwrite,
            Threads = work.Options.Threads,
            Progress = work.Options.Progress,
            CancellationToken = work.Options.CancellationToken,
        };
        if (recipe.IsOfBricks)
        {
            using var model = recipe.LoadBase(new LoadOptions { Threads = work.Options.Threads }, options);
            BrickReplay.Write(work, recipe.PlanBricks(options, model).Run().Brick, model);
        }
        else if (recipe.IsMixture)
        {
            using var plan = recipe.PlanMixture(options);
            plan.Save(work.Target);
        }
        else
        {
            using var plan = recipe.Plan(options);
            plan.Save(work.Target);
        }
    }
}
