#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// The one script of the repository: dotnet run dev.cs build|test|golden|bench|size|fmt
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

var verbs = new Dictionary<string, (string Meaning, Func<string[], int> Run)>
{
    ["build"] = ("builds everything, warnings as errors", _ => Build()),
    ["test"] = ("runs all tests, or the test projects whose name contains one of the words given", Test),
    ["golden"] = ("rewrites the golden files; read the diff before you commit it", _ => RewriteGolden()),
    ["bench"] = ("measures tokens per second beside llama.cpp; see bench/README.md for the arguments", Bench),
    ["size"] = ("prints how many files and lines there are, and how long the files are", _ => PrintSizes()),
    ["fmt"] = ("formats the code by the rules of .editorconfig", _ => Run("dotnet", ["format", "Brickwork.slnx"])),
};

Directory.SetCurrentDirectory(ScriptFolder());
if (args.Length > 0 && verbs.TryGetValue(args[0], out var verb))
    return verb.Run(args[1..]);
Console.WriteLine("dotnet run dev.cs VERB");
foreach (var (name, (meaning, _)) in verbs)
    Console.WriteLine($"  {name,-8}{meaning}");
return args.Length == 0 ? 0 : 2;

static int Build(string what = "Brickwork.slnx") => Run("dotnet", ["build", what, "-c", "Release", "-v", "quiet", "--nologo"]);

static int Test(string[] words)
{
    var projects = TestProjects(words).ToList();
    if (!(words.Length == 0 ? ["Brickwork.slnx"] : projects.Select(project => $"tests/{project}")).All(what => Build(what) == 0))
    {
        Console.WriteLine("The build failed, so no test ran.\n0 passed, 1 failed, 0 skipped");
        return 1;
    }
    var total = new Tally();
    foreach (var project in projects)
    {
        var tally = RunTests(project);
        Console.WriteLine($"{project,-36}{tally}   {tally.Seconds:F1} s\n");
        total += tally;
    }
    if (total.Passed == 0 && total.Failed == 0)
        Console.WriteLine("No test ran.");
    Console.WriteLine(total);
    return total.Failed > 0 || total.Passed == 0 ? 1 : 0;
}

static IEnumerable<string> TestProjects(string[] words) =>
    from file in Directory.EnumerateFiles("tests", "*.csproj", SearchOption.AllDirectories)
    let name = Path.GetFileNameWithoutExtension(file)
    where name != "Brickwork.TestKit"
    where words.Length == 0 || words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
    orderby name
    select name;

// The counts come from the result file, not from the console text, which changes with SDK and language.
static Tally RunTests(string project, string verbosity = "minimal", string filter = "FullyQualifiedName~.")
{
    var results = Path.Combine(Directory.CreateDirectory("artifacts/test-results").FullName, $"{project}.trx");
    File.Delete(results);
    var watch = Stopwatch.StartNew();
    var code = Run("dotnet", ["test", $"artifacts/bin/{project}/release/{project}.dll",
        "--logger", $"console;verbosity={verbosity}", "--logger", $"trx;LogFileName={results}",
        "--filter", filter, "--blame-hang", "--blame-hang-timeout", "10min", "--blame-hang-dump-type", "none",
        "--results-directory", "artifacts/test-results"]);
    var outcomes = File.Exists(results)
        ? XDocument.Load(results).Descendants().Where(node => node.Name.LocalName == "UnitTestResult")
            .Select(node => (string?)node.Attribute("outcome")).ToList()
        : [];
    var passed = outcomes.Count(outcome => outcome == "Passed");
    var skipped = outcomes.Count(outcome => outcome == "NotExecuted");
    var failed = outcomes.Count - passed - skipped;
    // A test host that crashed, or a project without tests, leaves no failed test behind; it still is a failure.
    if (failed == 0 && (code != 0 || outcomes.Count == 0))
        failed = 1;
    return new Tally(passed, failed, skipped, watch.Elapsed.TotalSeconds);
}

// Golden tests write what they see under artifacts/; only this verb copies it into the source tree.
static int RewriteGolden()
{
    const string Received = "artifacts/golden", Expected = "tests/Brickwork.Golden/Expected", Pages = "artifacts/pages", Docs = "docs";
    foreach (var old in (string[])[Received, Pages])
        if (Directory.Exists(old))
            Directory.Delete(old, recursive: true);
    if (Build("tests/Brickwork.Golden") != 0 || Build("tests/Brickwork.Conformance") != 0)
        return 1;
    RunTests("Brickwork.Golden", "quiet");
    RunTests("Brickwork.Conformance", "quiet", "FullyQualifiedName~PageTests");
    if (!Directory.Exists(Received) || !Directory.Exists(Pages))
    {
        Console.WriteLine("The golden tests wrote nothing.");
        return 1;
    }
    if (Directory.Exists(Expected))
        Directory.Delete(Expected, recursive: true);
    CopyFiles(Received, Expected);
    CopyFiles(Pages, Docs);
    return Run("git", ["status", "--short", "--", Expected, Docs]);
}

static void CopyFiles(string from, string to)
{
    foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
    {
        var target = Path.Combine(to, Path.GetRelativePath(from, file));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target, overwrite: true);
    }
}

static int Bench(string[] arguments) => Run("dotnet", ["run", "bench/EndToEnd.cs", "--", .. arguments]);

static int PrintSizes()
{
    foreach (var tree in "src tests bench examples".Split(' ').Where(Directory.Exists))
    {
        var files = Directory.EnumerateFiles(tree, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: file, Lines: File.ReadLines(file).Count())).OrderBy(file => file.Lines).ToList();
        if (files.Count == 0)
            continue;
        var (median, ninety, longest) = (files[files.Count / 2], files[files.Count * 9 / 10], files[^1]);
        Console.WriteLine($"{tree,-10}{files.Count,5} files {files.Sum(file => file.Lines),7} lines"
            + $"   median {median.Lines}   p90 {ninety.Lines}   longest {longest.Lines} ({longest.Path})");
    }
    return 0;
}

static int Run(string program, string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
    process.WaitForExit();
    return process.ExitCode;
}

static string ScriptFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

record struct Tally(int Passed, int Failed, int Skipped, double Seconds)
{
    public static Tally operator +(Tally a, Tally b) =>
        new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped, a.Seconds + b.Seconds);

    public override readonly string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
