#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Tokens per second of brick and of llama.cpp on one model file, in turn (A B A B …), as a table under bench/results/.
// bench/README.md says what is needed.
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (!Settings.TryParse(args, out var settings))
    return 2;

var rows = new SortedDictionary<(int Threads, string Phase), (Side Ours, Side Theirs)>();
var machine = new Machine();
for (var round = 0; round < settings.Rounds; round++)
{
    foreach (var threads in settings.Threads)
    {
        var ours = Brick.Measure(settings, threads, machine);
        var theirs = Peer.Measure(settings, threads);
        foreach (var (phase, own, other) in new[] { ("prefill", ours.Prefill, theirs.Prefill), ("decode", ours.Decode, theirs.Decode) })
        {
            if (!rows.TryGetValue((threads, phase), out var sides))
                rows[(threads, phase)] = sides = (new Side(), new Side());
            sides.Ours.Add(own, ours.Share);
            sides.Theirs.Add(other, theirs.Share);
            Console.Error.WriteLine($"round {round + 1}  {threads} threads  {phase,-8} brick {own,8:F1}   llama.cpp {other,8:F1}");
        }
    }
}

var folder = Directory.CreateDirectory(Path.Combine("bench", "results", Slug(machine.Processor))).FullName;
var file = Path.Combine(folder, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}.md");
var existed = File.Exists(file);
File.AppendAllText(file, (existed ? "\n" : $"# {machine.Processor}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}\n\n") + Report());
Console.WriteLine(Path.GetRelativePath(Directory.GetCurrentDirectory(), file));
return 0;

string Report()
{
    var commit = Shell.Output("git", ["rev-parse", "--short", "HEAD"]).Trim();
    var changed = Shell.Output("git", ["status", "--porcelain"]).Length > 0 ? " with uncommitted changes" : "";
    var text = new StringBuilder()
        .AppendLine($"## {Path.GetFileName(settings.Model)}").AppendLine()
        .AppendLine($"- command: `{settings.CommandForReaders}`")
        .AppendLine($"- commit {commit}{changed}; .NET {Environment.Version}; {System.Runtime.InteropServices.RuntimeInformation.OSDescription}")
        .AppendLine($"- {Environment.ProcessorCount} processors seen; kernel path {machine.InstructionSet}; peer: {settings.PeerName}")
        .AppendLine($"- prompt of {settings.Prompt} tokens, {settings.Generate} generated, {settings.Rounds} rounds in turn; tokens per second").AppendLine()
        .AppendLine("| phase | threads | brick median | brick best | share | llama.cpp median | llama.cpp best | share | ratio of medians |")
        .AppendLine("|---|---|---|---|---|---|---|---|---|");
    foreach (var ((threads, phase), (ours, theirs)) in rows)
        text.AppendLine($"| {phase} | {threads} | {ours.Median:F1} | {ours.Best:F1} | {ours.Share} | {theirs.Median:F1} | {theirs.Best:F1} "
            + $"| {theirs.Share} | **{ours.Median / theirs.Median:F2}** |");
    return text.ToString();
}

static string Slug(string name) => Regex.Replace(name.ToLowerInvariant(), "[^a-z0-9]+", "-").Trim('-');

sealed record Settings(string Model, string Driver, string Libraries, string Brick, string PeerName, int[] Threads, int Prompt, int Generate, int Rounds)
{
    public string CommandForReaders => $"dotnet run bench/EndToEnd.cs -- --model {Path.GetFileName(Model)} --driver {Path.GetFileName(Driver)}"
        + $" --libraries {Path.GetFileName(Libraries)} --threads {string.Join(',', Threads)} --prompt {Prompt} --generate {Generate} --rounds {Rounds}";

    public static bool TryParse(string[] args, out Settings settings)
    {
        settings = null!;
        var values = new Dictionary<string, string>
        {
            ["--threads"] = "1,2", ["--prompt"] = "256", ["--generate"] = "64", ["--rounds"] = "5", ["--brick"] = "",
            ["--peer-name"] = "llama.cpp v0.5.0, prebuilt, npm @node-llama-cpp/linux-x64 3.22.1",
        };
        for (var index = 0; index + 1 < args.Length; index += 2)
            values[args[index]] = args[index + 1];
        if (!values.TryGetValue("--model", out var model) || !values.TryGetValue("--driver", out var driver)
            || !values.TryGetValue("--libraries", out var libraries))
        {
            Console.Error.WriteLine("dotnet run bench/EndToEnd.cs -- --model FILE.gguf --driver LBENCH --libraries FOLDER\n"
                + "  [--threads 1,2] [--prompt 256] [--generate 64] [--rounds 5] [--brick PROGRAM] [--peer-name TEXT]");
            return false;
        }
        settings = new Settings(model, driver, libraries, values["--brick"], values["--peer-name"],
            [.. values["--threads"].Split(',').Select(int.Parse)], int.Parse(values["--prompt"]), int.Parse(values["--generate"]), int.Parse(values["--rounds"]));
        return true;
    }
}

/// <summary>What one run of one engine gave, in tokens per second; share is the part of the processor it got.</summary>
record struct Measurement(double Prefill, double Decode, double Share);

static class Brick
{
    public static Measurement Measure(Settings settings, int threads, Machine machine)
    {
        var program = settings.Brick.Length > 0 ? settings.Brick : Built.Value;
        using var json = JsonDocument.Parse(Shell.Output(program, ["bench", "-m", settings.Model, "--prompt", $"{settings.Prompt}",
            "--generate", $"{settings.Generate}", "--batch", "1", "--repeat", "1", "--threads", $"{threads}", "--json"]));
        var described = json.RootElement.GetProperty("machine");
        machine.Processor = described.GetProperty("cpu").GetString()!;
        machine.InstructionSet = described.GetProperty("isa").GetString()!;
        return new Measurement(Rate(json, "prefill", threads), Rate(json, "decode", threads), described.GetProperty("share").GetDouble());
    }

    static readonly Lazy<string> Built = new(() =>
    {
        Shell.Output("dotnet", ["build", "src/Brickwork.Cli", "-c", "Release", "-v", "quiet", "--nologo"]);
        var folder = Path.Combine("artifacts", "bin", "Brickwork.Cli", "release");
        return new[] { "brick", "Brickwork.Cli" }.Select(name => Path.Combine(folder, name)).First(File.Exists);
    });

    static double Rate(JsonDocument json, string phase, int threads) =>
        json.RootElement.GetProperty(phase).EnumerateArray().First(row => row.GetProperty("threads").GetInt32() == threads)
            .GetProperty("tokensPerSecond").GetDouble();
}

static class Peer
{
    // Where the fields lie in the parameter structs of release v0.5.0; another release wants other numbers in the environment.
    static readonly Dictionary<string, string> Offsets = new()
    {
        ["LB_OFF_NT"] = "28", ["LB_OFF_FA"] = "52", ["LB_OFF_KV"] = "104", ["LB_OFF_UNIFIED"] = "133", ["LB_OFF_REPACK"] = "74",
    };

    public static Measurement Measure(Settings settings, int threads)
    {
        var environment = Offsets.Where(pair => Environment.GetEnvironmentVariable(pair.Key) is null).Append(new("LD_LIBRARY_PATH", settings.Libraries));
        var line = Shell.Output(settings.Driver, [settings.Libraries, settings.Model, $"{threads}", $"{settings.Prompt}", $"{settings.Generate}", "1"], environment);
        return new Measurement(Number(line, @"\bpp\d+ ([\d.]+)"), Number(line, @"\btg\d+ ([\d.]+)"), Number(line, @"\bshare ([\d.]+)"));
    }

    static double Number(string line, string pattern) => Regex.Match(line, pattern) is { Success: true } match
        ? double.Parse(match.Groups[1].Value)
        : throw new InvalidDataException($"The peer's driver printed no {pattern}: {line}");
}

/// <summary>The runs of one engine in one phase.</summary>
sealed class Side
{
    readonly List<double> _rates = [], _shares = [];

    public void Add(double rate, double share)
    {
        _rates.Add(rate);
        _shares.Add(share);
    }

    public double Median => Middle(_rates);

    public double Best => _rates.Max();

    public string Share => Middle(_shares).ToString("F2");

    static double Middle(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

sealed class Machine
{
    public string Processor { get; set; } = "";

    public string InstructionSet { get; set; } = "";
}

static class Shell
{
    /// <summary>What the program prints; an exception with all of it where it fails.</summary>
    public static string Output(string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {output}");
    }
}
