// Builds the texts that the default model learns from: dotnet run --project data/Mixture -c Release
using System.Runtime.CompilerServices;
using Brickwork.Mixture;

var repository = Path.GetFullPath(Path.Combine(Here(), "..", ".."));
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;
var runtime = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
var packs = Option("--packs", Path.Combine(runtime, "packs", "Microsoft.NETCore.App.Ref"));
var newest = Directory.EnumerateDirectories(packs).Order(StringComparer.Ordinal).Last();
var sources = Recipe.Sources(Option("--shared", Path.Combine(repository, "..", "shared")), repository, newest);

return new Builder(Option("--packages", Path.Combine(repository, "artifacts", "packages")), Option("--out", Path.Combine(repository, "data", "mixture")), Path.Combine(repository, "data")).Run(sources);

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
