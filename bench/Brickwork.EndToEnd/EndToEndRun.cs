using System.Runtime.InteropServices;

namespace Brickwork.EndToEnd;

/// <summary>The program: measures every model and adds its section to the page of the day.</summary>
static class EndToEndRun
{
    public static int Run(string[] arguments)
    {
        if (arguments is [BusyLoops.Argument])
            return BusyLoops.Run();
        try
        {
            Measure(Settings.Parse(arguments));
            return 0;
        }
        catch (FormatException fault)
        {
            Console.Error.WriteLine($"{fault.Message}\n{Settings.Usage}");
            return 2;
        }
    }

    static void Measure(Settings settings)
    {
        var ours = new BrickEngine(settings.Brick.Length > 0 ? settings.Brick : BrickEngine.Build());
        var theirs = new PeerEngine(settings.Driver, settings.Libraries);
        foreach (var model in settings.Models)
        {
            Console.Error.WriteLine(Path.GetFileName(model));
            var comparison = new Comparison(settings, model, ours, theirs, Console.Error.WriteLine);
            comparison.MeasureAlone();
            var crowd = comparison.MeasureBesideOthers();
            ours.Identify(model);
            var page = Add(ours.Processor, ResultPage.Section(model, Circumstances(settings, ours), comparison.Rows, crowd));
            Console.WriteLine(Path.GetRelativePath(Directory.GetCurrentDirectory(), page));
        }
    }

    static IEnumerable<string> Circumstances(Settings settings, BrickEngine ours)
    {
        // The pages of results themselves are not what was measured.
        var changed = ProgramRun.Output("git", "status", "--porcelain", "--", "src").Length > 0 ? " with uncommitted changes" : "";
        yield return $"command: `{settings.CommandForReaders}`";
        yield return $"commit {ProgramRun.Output("git", "rev-parse", "--short", "HEAD").Trim()}{changed}; .NET {Environment.Version}; {RuntimeInformation.OSDescription}";
        yield return $"{Environment.ProcessorCount} processors seen; kernel path {ours.InstructionSet}; peer: {settings.PeerName}";
        yield return $"prompt of {settings.Prompt} tokens, {settings.Generate} generated, {settings.Rounds} rounds in turn; tokens per second unless another unit is named";
        if (settings.Rows.Contains("batch"))
            yield return "at once: 24 tokens for each of so many texts behind 128 tokens each, all texts together";
        if (settings.Rows.Contains("first"))
            yield return "first token: the whole program, from its start to its end, with a prompt of 16 tokens; the file is in memory already";
        if (ours.AllocatedPerToken is { } bytes)
            yield return FormattableString.Invariant($"brick allocates {bytes:F0} bytes of managed memory for a written token");
    }

    static string Add(string processor, string section)
    {
        var day = TimeProvider.System.GetUtcNow();
        var folder = Directory.CreateDirectory(Path.Combine("bench", "results", ResultPage.Slug(processor))).FullName;
        var page = Path.Combine(folder, FormattableString.Invariant($"{day:yyyy-MM-dd}.md"));
        File.AppendAllText(page, (File.Exists(page) ? "\n" : FormattableString.Invariant($"# {processor}, {day:yyyy-MM-dd}\n\n")) + section);
        return page;
    }
}
