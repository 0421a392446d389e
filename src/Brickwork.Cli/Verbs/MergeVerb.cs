using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick merge</c>: one model of several, by a recipe.</summary>
sealed partial class MergeVerb : Verb
{
    readonly Argument<string> _recipe = new("RECIPE") { Description = "A merge in mergekit's YAML" };
    readonly Argument<string?> _target = new("OUT") { Description = "A .gguf file, or a folder for the Hugging Face form; of bricks a .brick or .gguf file, or a folder for PEFT", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<bool> _planOnly = new("--plan-only") { Description = "Say what would be done and where the inputs contradict each other, and write nothing" };
    readonly Option<bool> _conflicts = new("--conflicts") { Description = "Say where the inputs contradict each other after the merge, too" };
    readonly Option<string> _dialect = new("--dialect") { Description = "Whose arithmetic to follow where tools differ", DefaultValueFactory = _ => "mergekit" };
    readonly Option<bool> _strict = new("--strict-compat") { Description = "Copy the known defects of that tool as well" };
    readonly Option<string?> _texts = new("--data") { Description = "Texts for methods that run models over them, where the recipe names none" };
    readonly Option<int?> _seed = new("--seed") { Description = "Decides what random methods drop [default: the recipe's, or 0]" };
    readonly Option<long?> _split = new("--split") { Description = "Largest file in bytes; more is written as several files" };

    public MergeVerb() : base("merge", "Merge models, make a mixture of them, or merge LoRA bricks, by a recipe")
    {
        _dialect.AcceptOnlyFromAmong("mergekit", "peft", "paper");
        Add(_recipe);
        Add(_target);
        Add(_planOnly);
        Add(_conflicts);
        Add(_dialect);
        Add(_strict);
        Add(_texts);
        Add(_seed);
        Add(_split);
        Add(PlugFlags.AnyParent);
        Add(OutputFile.Force);
        Add(ModelOptions.Threads);
    }

    protected override int Run(Invocation run)
    {
        var (planOnly, target) = (run.Value(_planOnly), run.Value(_target));
        if (!planOnly)
            OutputFile.CheckFree(target ?? throw new UsageException("No output is named.", "Name a .gguf file or a folder, or look at the plan first: --plan-only"), run);
        return ProgressLine.Run(run.Output, planOnly ? "plan" : "merge", report =>
        {
            var recipe = MergeRecipe.Open(run.Value(_recipe)!);
            if (recipe.IsOfBricks)
                return RunBricks(run, recipe, planOnly ? null : target, report);
            if (recipe.IsMixture)
                return RunMixture(run, recipe, target, report);
            using var plan = recipe.Plan(Asked(run, report));
            foreach (var warning in plan.Warnings)
                run.Output.Warn(warning);
            var conflicts = planOnly || run.Value(_conflicts) ? plan.Conflicts() : [];
            if (run.Value(_conflicts) && conflicts.Count == 0)
                run.Output.Warn("No conflicts are told: they are those between two changes of a 'base_model' or more.");
            var written = planOnly ? null : plan.Save(target!);
            Report(run, plan, conflicts, written, target);
            return ExitCode.Good;
        });
    }

    MergeOptions Asked(Invocation run, Action<long, long> report) => new()
    {
        Dialect = run.Value(_dialect) switch { "peft" => MergeDialect.Peft, "paper" => MergeDialect.Paper, _ => MergeDialect.Mergekit },
        StrictCompatibility = run.Value(_strict),
        AnyParent = run.Value(PlugFlags.AnyParent),
        Texts = run.Value(_texts),
        Seed = run.Value(_seed),
        Threads = ModelOptions.ThreadCount(run),
        Overwrite = run.Value(OutputFile.Force),
        MaxFileBytes = run.Value(_split),
        Progress = report,
        CancellationToken = run.Cancellation,
    };

    static void Report(Invocation run, MergePlan plan, IReadOnlyList<MergeConflict> conflicts, MergeReport? written, string? target)
    {
        var writes = written?.Bytes ?? plan.WritesTo(target);
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                WriteTotals(json, plan.Tensors.Count, plan.Methods, plan.PeakBytes, writes);
                ConflictReport.Write(json, conflicts);
            });
        else if (written is null)
            foreach (var line in plan.Describe())
                run.Output.Result.WriteLine(line);
        else
            run.Output.Result.WriteLine(target);
        new Card(written is null ? "plan" : Path.GetFileName(target!))
            .Row("tensors", plan.Tensors.Count.ToString(CultureInfo.InvariantCulture))
            .Row("methods", string.Join(", ", plan.Methods.Select(entry => $"{entry.Value} × {entry.Key}")))
            .Row("memory", $"{Numbers.Bytes(plan.PeakBytes)} at most")
            .Row(written is null ? "would write" : "written", Numbers.Bytes(writes))
            .Conflicts(conflicts)
            .Show(run.Output);
    }

    /// <summary>What is said of every merge.</summary>
    static void WriteTotals(Utf8JsonWriter json, int tensors, IReadOnlyDictionary<string, int> methods, long peakBytes, long writes)
    {
        json.WriteNumber("tensors", tensors);
        json.WriteStartObject("methods");
        foreach (var (method, count) in methods)
            json.WriteNumber(method, count);
        json.WriteEndObject();
        json.WriteNumber("peakBytes", peakBytes);
        json.WriteNumber("writes", writes);
    }
}
