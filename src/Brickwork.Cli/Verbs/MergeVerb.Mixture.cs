using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary>Models that become the experts of a mixture.</summary>
sealed partial class MergeVerb
{
    int RunMixture(Invocation run, MergeRecipe recipe, string? target, Action<long, long> report)
    {
        using var plan = recipe.PlanMixture(Asked(run, report));
        var conditions = plan.Conditions();
        var written = run.Value(_planOnly) ? null : plan.Save(target!);
        var writes = written?.Bytes ?? plan.WritesTo(target);
        if (run.Output.Json)
            WriteJson(run, plan, conditions, writes);
        else if (written is null)
            foreach (var tensor in plan.Tensors)
                run.Output.Result.WriteLine($"{tensor.Name} {tensor.Shape} {tensor.Type}");
        else
            run.Output.Result.WriteLine(target);
        new Card(written is null ? "plan" : Path.GetFileName(target!))
            .Row("tensors", plan.Tensors.Count.ToString(CultureInfo.InvariantCulture))
            .Row("made of", string.Join(", ", plan.Methods.Select(entry => $"{entry.Value} × {entry.Key}")))
            .Row("memory", $"{Numbers.Bytes(plan.PeakBytes)} at most")
            .Row(written is null ? "would write" : "written", Numbers.Bytes(writes))
            .Row("routers", string.Create(CultureInfo.InvariantCulture, $"condition numbers {conditions.Min():F1} to {conditions.Max():F1}"))
            .Show(run.Output);
        if (conditions.Max() > MixturePlan.HighCondition)
            run.Output.Warn("the prompts of the experts are so much alike that some routers hardly tell them apart; give prompts that differ more, or negative ones.");
        return ExitCode.Good;
    }

    static void WriteJson(Invocation run, MixturePlan plan, IReadOnlyList<double> conditions, long writes) => run.Output.WriteJson(json =>
    {
        WriteTotals(json, plan.Tensors.Count, plan.Methods, plan.PeakBytes, writes);
        ConflictReport.Write(json, []);
        json.WriteStartArray("conditions");
        foreach (var condition in conditions)
            json.WriteNumberValue(Math.Min(condition, double.MaxValue));
        json.WriteEndArray();
    });
}
