using System.Text.Json;
using Brickwork.TestKit;

namespace Brickwork.Conformance;

/// <summary>The cases: a core of them lies in the repository, the whole set beside it on a developer's machine.</summary>
static class ConformanceSet
{
    static readonly string Core = SharedData.InRepository("tests", "Brickwork.Conformance", "Data");

    /// <summary>The folder with the most cases.</summary>
    public static string Folder { get; } = SharedData.Find("data", "conformance") ?? Core;

    /// <summary>Every case that is listed; only those in <see cref="Present"/> have their files here.</summary>
    public static IReadOnlyList<ConformanceCase> All { get; } = ReadAll();

    /// <summary>The cases whose model is on this machine.</summary>
    public static IReadOnlyList<ConformanceCase> Present { get; } = [.. All.Where(item => File.Exists(item.ModelPath))];

    public static ConformanceCase Find(string id)
    {
        var found = All.First(item => item.Id == id);
        Skip.IfNot(File.Exists(found.ModelPath), $"the conformance model {id} is not on this machine");
        return found;
    }

    static List<ConformanceCase> ReadAll()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Core, "MANIFEST.json")));
        return [.. manifest.RootElement.GetProperty("cases").EnumerateArray().Select(json => ConformanceCase.Read(Folder, json))];
    }
}
