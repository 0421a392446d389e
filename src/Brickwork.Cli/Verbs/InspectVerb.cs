using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Formats.Log;
using Brickwork.Models.Slots;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick inspect</c>: what a model or a brick is made of.</summary>
sealed class InspectVerb : Verb
{
    readonly Option<bool> _slots = new("--slots") { Description = "List every slot and the part in it" };
    readonly Option<bool> _tensors = new("--tensors") { Description = "List every tensor with storage type, shape and bytes" };
    readonly Option<bool> _files = new("--files") { Description = "List what the model's files say about it" };

    readonly Option<bool> _log = new("--log") { Description = "Print the log, one operation a line, as brick replay reads it" };

    public InspectVerb() : base("inspect", "Show what a model or a brick is made of, and how it was made")
    {
        Add(_slots);
        Add(_tensors);
        Add(_files);
        Add(_log);
        ModelOptions.AddTo(this);
    }

    protected override int Run(Invocation run)
    {
        if (run.Value(_log))
            return ShowLog(run);
        if (ModelOptions.Name(run) is { } path && BrickInspection.IsAt(path))
            return ShowBrick(run, path);
        using var model = ModelOptions.Load(run);
        var log = ModelOptions.Name(run) is { } stack && StackFile.IsAt(stack)
            ? StackFile.Open(stack).Log(model, hashes: run.Output.Json, run.Cancellation)
            : OperationLog.Of(model.Metadata);
        if (run.Output.Json)
            InspectJson.Write(run.Output, model, log);
        else
            Show(run, model, log);
        return ExitCode.Good;
    }

    int ShowBrick(Invocation run, string path)
    {
        if (((Option<bool>[])[_slots, _tensors, _files]).FirstOrDefault(run.Value) is { } option)
            throw new UsageException($"{option.Name} is given, but {path} is a brick.", "Leave it out, or name a model with -m.");
        BrickInspection.Show(run.Output, Brick.Open(path));
        return ExitCode.Good;
    }

    static int ShowLog(Invocation run)
    {
        var log = LogOf(run);
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                OperationJson.WriteLog(json, log.Operations);
                json.WriteString("hash", log.Hash);
            });
        else
            foreach (var line in log.Lines())
                run.Output.Result.WriteLine(line);
        return ExitCode.Good;
    }

    static LogFile LogOf(Invocation run)
    {
        if (ModelOptions.Name(run) is { } stack && StackFile.IsAt(stack))
            return LogOfStack(run, stack, StackFile.Open(stack));
        if (ModelOptions.Name(run) is { } name && ModelFolder.Locate(name) is { } path)
            return LogFile.Open(path);
        using var model = ModelOptions.Load(run);
        return new LogFile(model.Config.Name, OperationLog.Of(model.Metadata), model.Checkpoint.HashContent(run.Cancellation)?.Text);
    }

    static LogFile LogOfStack(Invocation run, string path, StackFile stack)
    {
        using var model = ModelOptions.Load(run, stack.Model, ModelOptions.Read(run));
        return new LogFile(path, stack.Log(model, hashes: true, run.Cancellation), Hash: null);
    }

    void Show(Invocation run, LanguageModel model, IReadOnlyList<LoggedOperation> log)
    {
        Summary(model).Rows(log).Show(run.Output);
        if (run.Value(_slots))
            foreach (var (path, part) in PartTree.Walk(model.Decoder))
                run.Output.Result.WriteLine($"{path.Text,-48} {part.GetType().Name}");
        if (run.Value(_tensors))
            foreach (var tensor in model.Tensors)
                run.Output.Result.WriteLine($"{tensor.Name,-40} {tensor.Type,-8} {tensor.Shape,-24} {Numbers.Bytes(tensor.Bytes)}");
        if (run.Value(_files))
            foreach (var (key, value) in model.Metadata)
                run.Output.Result.WriteLine($"{key,-44} {MetadataText.Of(value)}");
    }

    static Card Summary(LanguageModel model)
    {
        var config = model.Config;
        return new Card(config.Name)
            .Row("family", config.Family)
            .Row("parameters", Numbers.Count(config.Parameters))
            .Row("size", $"{Numbers.Bytes(config.Bytes)} in {model.Tensors.Count} tensors: {Quantization(model)}")
            .Row("layers", $"{config.Layers} of width {config.Width}")
            .Row("heads", config.Heads == 0 ? null : $"{config.Heads}, {config.KvHeads} with keys and values")
            .Row("vocabulary", $"{config.Vocabulary.ToString("N0", CultureInfo.InvariantCulture)} tokens")
            .Row("context", $"{config.Context.ToString("N0", CultureInfo.InvariantCulture)} tokens")
            .Row("pooling", config.Pooling == Pooling.None ? null : config.Pooling.ToString().ToLowerInvariant())
            .Row("chat template", model.ChatTemplate is null ? "none: prompts are continued as they are" : "yes")
            .Row("runs on", $"{model.Compute.InstructionSet}, {model.Compute.Threads} threads");
    }

    static string Quantization(LanguageModel model) =>
        string.Join(", ", model.Tensors.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => tensor.Bytes)).Select(group => $"{group.Count()} {group.Key}"));
}
