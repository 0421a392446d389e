using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary>LoRA bricks merged into one.</summary>
sealed partial class MergeVerb
{
    int RunBricks(Invocation run, MergeRecipe recipe, string? target, Action<long, long> report)
    {
        using var model = recipe.LoadBase(new LoadOptions { Threads = ModelOptions.ThreadCount(run) });
        if (target is not null && !BrickOutput.IsPlain(target) && model is null)
            throw new UsageException($"{target} is no .brick file, and its form depends on the model.", "Give the recipe a 'base_model', or write a .brick file.");
        var plan = recipe.PlanBricks(Asked(run, report), model);
        var merged = target is null ? null : plan.Run();
        if (merged is not null)
            BrickOutput.Save(run, merged.Brick, target!, model);
        Report(run, plan, target is null || run.Value(_conflicts) ? plan.Conflicts() : [], merged, target);
        return ExitCode.Good;
    }

    static void Report(Invocation run, BrickMergePlan plan, IReadOnlyList<MergeConflict> conflicts, BrickMergeResult? merged, string? target)
    {
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                WriteTotals(json, plan.Targets.Count, new Dictionary<string, int> { [plan.Method] = plan.Targets.Count }, plan.Bricks.Sum(brick => brick.Bytes), merged?.Brick.Bytes ?? plan.Writes);
                json.WriteNumber("rank", merged?.Brick.Rank ?? 0);
                json.WriteNumber("error", merged?.Error ?? 0);
                ConflictReport.Write(json, conflicts);
            });
        else if (merged is null)
            foreach (var line in plan.Describe())
                run.Output.Result.WriteLine(line);
        else
            run.Output.Result.WriteLine(target);
        new Card(merged is null ? "plan" : merged.Brick.Id)
            .Row("bricks", string.Join(", ", plan.Bricks.Select(brick => brick.Id)))
            .Row("targets", $"{plan.Targets.Count} × {plan.Method}")
            .Row("rank", merged?.Brick.Rank?.ToString(CultureInfo.InvariantCulture))
            .Row("cut off", merged is { Error: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{merged.Error:P1} of the change, more than its rank holds") : null)
            .Row(merged is null ? "would write" : "written", Numbers.Bytes(merged?.Brick.Bytes ?? plan.Writes))
            .Conflicts(conflicts)
            .Show(run.Output);
    }
}
