using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick eval task</c>: how well a model does at a task with known answers.</summary>
sealed class TaskVerb : Verb
{
    const string DataVariable = "BRICKWORK_DATA";

    readonly Argument<string> _task = new("task") { Description = "blimp, lambada, or a .jsonl file of {\"good\",\"bad\"} or {\"prompt\",\"completion\"} lines" };
    readonly Option<string?> _data = new("--data") { Description = $"Folder with BLiMP.zip and lambada_test.jsonl.gz [default: {DataVariable}]" };
    readonly Option<int?> _limit = new("--limit") { Description = "Items to measure, spread over all subsets [default: all]" };

    public TaskVerb() : base("task", "How well a model does at a task with known answers")
    {
        Add(_task);
        Add(_data);
        Add(_limit);
        Add(Gate.Option);
        ModelOptions.AddRunningTo(this);
    }

    protected override int Run(Invocation run)
    {
        Gate.Require(run, "score", "perplexity");
        var task = Open(run);
        if (ModelOptions.Positive(run, _limit) is { } limit)
            task = task.Take(limit);
        using var model = ModelOptions.Load(run);
        var result = ProgressLine.Run(run.Output, task.Name, report => model.Evaluate(task, ModelOptions.Runner(run), new Reporter(report), run.Cancellation));
        Report(run, model, result);
        var measured = new Dictionary<string, double> { ["score"] = result.Score };
        if (result.Perplexity is { } perplexity)
            measured["perplexity"] = perplexity;
        return Gate.Check(run, measured);
    }

    EvaluationTask Open(Invocation run) => run.Value(_task) switch
    {
        "blimp" => EvaluationTask.OpenBlimp(InData(run, "BLiMP.zip")),
        "lambada" => EvaluationTask.OpenLambada(InData(run, "lambada_test.jsonl.gz")),
        var file => EvaluationTask.Open(file!),
    };

    string InData(Invocation run, string file)
    {
        var folder = run.Value(_data) ?? Environment.GetEnvironmentVariable(DataVariable)
            ?? throw new UsageException($"{file} is needed and no data folder is given.", $"Give the folder that holds it: --data FOLDER, or set {DataVariable}.");
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? path : throw new CheckpointException($"{folder} holds no {file}.", "Check --data; docs/tour.md says where the sets come from.");
    }

    static void Report(Invocation run, LanguageModel model, TaskResult result)
    {
        if (run.Output.Json)
        {
            run.Output.WriteJson(json =>
            {
                json.WriteString("task", result.Task);
                json.WriteNumber("score", result.Score);
                json.WriteNumber("n", result.Count);
                if (result.Perplexity is { } perplexity)
                    json.WriteNumber("perplexity", perplexity);
                json.WriteStartObject("perSubset");
                foreach (var (subset, score) in result.PerSubset)
                    json.WriteNumber(subset, score);
                json.WriteEndObject();
            });
            return;
        }
        run.Output.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Task}  {result.Score:P2} of {result.Count}"));
        var card = new Card($"{result.Task} with {model.Config.Name}");
        foreach (var (subset, score) in result.PerSubset)
            card.Row(subset, score.ToString("P1", CultureInfo.InvariantCulture));
        card.Show(run.Output);
    }
}
