using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Planning;
using Brickwork.Formats.Log;

namespace Brickwork.Bricks.Replay;

/// <summary>Merges; the recipe stands in the log.</summary>
sealed class MergeReplay : IReplay
{
    public IReadOnlyList<string> Operations { get; } = [MergeLog.Name];

    public void Run(ReplayedOperation work)
    {
        var texts = new FoundTexts(work);
        var recipe = MergeRecipe.Parse(work.Argument("recipe"), work.Argument("file"));
        var options = new MergeOptions
        {
            Dialect = work.Choice<MergeDialect>("dialect"),
            StrictCompatibility = work.Find("strictCompatibility") is not null,
            // The inputs are found by their hashes.
            AnyParent = true,
            Seed = work.Operation.Seed,
            MaxFileBytes = work.FindNumber<long>("split"),
            Places = Places(work, texts),
            Texts = texts.Find(NamedText.OfOptions),
            InstructionSet = work.FindKernels(),
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

    /// <summary>Where everything is now that the recipe names.</summary>
    static Dictionary<string, string> Places(ReplayedOperation work, FoundTexts texts)
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (input, path) in work.Operation.Inputs.Zip(work.Paths))
            if (!input.Role.StartsWith(NamedText.OfRecipeFolder, StringComparison.Ordinal))
                places.TryAdd(input.Name, input.Role == NamedText.OfRecipe ? texts.Named(path, input.Hash!, LoggedSource.NameOf(input.Name)) : path);
            else if (input.Role[NamedText.OfRecipeFolder.Length..] is var folder && !places.ContainsKey(folder))
                places.Add(folder, texts.Find(input.Role)!);
        return places;
    }
}
