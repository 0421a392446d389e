using Brickwork.TestKit;

namespace Brickwork.Architecture;

/// <summary>The files of the repository, without what a build leaves behind. Paths are relative, with forward slashes.</summary>
static class SourceTree
{
    static readonly HashSet<string> BuildFolders = ["artifacts", "bin", "obj", ".git", ".vs", ".idea", "scratch", "BenchmarkDotNet.Artifacts"];

    public static IReadOnlyList<string> Files { get; } = [.. Walk(SharedData.Repository).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => new ProjectFile(file))];

    public static IReadOnlyList<CodeFile> Code { get; } =
        [.. Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).Select(file => new CodeFile(file))];

    public static IEnumerable<ProjectFile> SourceProjects => Projects.Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal));

    public static IEnumerable<ProjectFile> TestProjects => Projects.Where(project => project.Path.StartsWith("tests/", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(SharedData.InRepository(file));

    public static bool Exists(string path) =>
        File.Exists(SharedData.InRepository(path)) || Directory.Exists(SharedData.InRepository(path));

    static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            yield return Path.GetRelativePath(SharedData.Repository, file).Replace('\\', '/');
        foreach (var child in Directory.EnumerateDirectories(folder))
            if (!BuildFolders.Contains(Path.GetFileName(child)))
                foreach (var file in Walk(child))
                    yield return file;
    }
}
