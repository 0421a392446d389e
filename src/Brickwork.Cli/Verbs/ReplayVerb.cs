using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick replay</c>: rebuilds a model or a brick from its log, to the same bytes.</summary>
sealed class ReplayVerb : Verb
{
    readonly Argument<string> _log = new("LOG") { Description = "A log (brick inspect --log), or a model or brick that holds its own" };
    readonly Argument<string> _target = new("OUT") { Description = "A .gguf or .brick file or a folder, as the log's form asks for" };
    readonly Option<string[]> _from = new("--from") { Description = "A file, or a folder with all that is in it, where inputs are looked for by their hash (repeatable)" };

    public ReplayVerb() : base("replay", "Rebuild a model or a brick from its log, to the same bytes")
    {
        Add(_log);
        Add(_target);
        Add(_from);
        Add(OutputFile.Force);
        Add(ModelOptions.Threads);
    }

    protected override int Run(Invocation run)
    {
        var (log, target) = (run.Value(_log)!, run.Value(_target)!);
        OutputFile.CheckFree(target, run);
        if ((run.Value(_from) ?? []).FirstOrDefault(place => !File.Exists(place) && !Directory.Exists(place)) is { } nowhere)
            throw new UsageException($"{nowhere}, given with --from, does not exist.", "Name a file, or a folder in which to look.");
        var report = ProgressLine.Run(run.Output, "replay", progress => Trainer.Replay(log, target, new ReplayOptions
        {
            Places = run.Value(_from) ?? [],
            Overwrite = run.Value(OutputFile.Force),
            Threads = ModelOptions.ThreadCount(run),
            Warn = run.Output.Warn,
            Progress = progress,
            CancellationToken = run.Cancellation,
        }));
        Report(run, report, target);
        return report.IsSame == false ? ExitCode.GateMissed : ExitCode.Good;
    }

    static void Report(Invocation run, ReplayReport report, string target)
    {
        if (run.Output.Json)
            run.Output.WriteJson(json =>
            {
                json.WriteNumber("operations", report.Operations);
                json.WriteString("hash", report.Hash);
                if (report.IsSame is { } same)
                    json.WriteBoolean("same", same);
                else
                    json.WriteNull("same");
            });
        else
            run.Output.Result.WriteLine($"{report.Hash}  {target}");
        if (report.IsSame == false)
            run.Output.Warn("These are not the bytes that the log tells of: another version, or for a training another kernel path, may have made those.");
        new Card(Path.GetFileName(Path.TrimEndingDirectorySeparator(target)))
            .Row("operations", report.Operations.ToString(CultureInfo.InvariantCulture))
            .Row("the same bytes", report.IsSame switch { true => "yes", false => "no", null => "the log does not say which they were" })
            .Show(run.Output);
    }
}
