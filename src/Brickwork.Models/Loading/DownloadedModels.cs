namespace Brickwork.Models.Loading;

/// <summary>What Hugging Face's libraries have downloaded: <c>models--ORGANIZATION--NAME</c> with <c>refs</c> and <c>snapshots</c>, a folder for each revision.</summary>
static class DownloadedModels
{
    const char At = '@';
    const string Usual = "main";

    /// <summary>Where those libraries keep it.</summary>
    public static string Cache { get; } = Variable("HF_HUB_CACHE")
        ?? Path.Combine(Variable("HF_HOME") ?? Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "huggingface"), "hub");

    /// <summary>The folder of <c>ORGANIZATION/NAME</c> or <c>ORGANIZATION/NAME@REVISION</c>: a commit, a branch or a tag; null where there is none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="places">Folders of such folders.</param>
    public static string? Find(string name, IEnumerable<string> places)
    {
        var (model, revision) = Split(name);
        return FoldersOf(model, places).Select(folder => Snapshot(folder, revision ?? Usual)).FirstOrDefault(snapshot => snapshot is not null);
    }

    /// <summary>What is to be said of a name with a revision that was not found; null where it names none.</summary>
    public static CheckpointException? Missing(string name, IReadOnlyList<string> places)
    {
        if (Split(name) is not (var model, { } revision))
            return null;
        string[] known = [.. FoldersOf(model, places).SelectMany(folder => NamesIn(folder, "refs").Concat(NamesIn(folder, "snapshots"))).Distinct()];
        return known.Length == 0 && places.Append("").Select(place => Path.Combine(place, model)).Any(path => File.Exists(path) || Directory.Exists(path))
            ? new($"'{name}' asks for the revision '{revision}' of {model}, which does not say what revision it is.", $"Leave @{revision} out if it is the right one, or name the model as it was downloaded: ORGANIZATION/NAME@REVISION")
            : new($"'{name}' was not found: there is no such file or folder, and the revision '{revision}' of '{model}' is not among the downloaded ones in {string.Join(", ", places)}; found {(known.Length == 0 ? "none" : string.Join(", ", known))}.",
                $"Download it (hf download {model} --revision {revision}), or name its folder.");
    }

    static (string Model, string? Revision) Split(string name) => name.Split(At) is [{ Length: > 0 } model, { Length: > 0 } revision] ? (model, revision) : (name, null);

    static IEnumerable<string> FoldersOf(string model, IEnumerable<string> places) => model.Split('/') is not [{ Length: > 0 }, { Length: > 0 }] ? []
        : places.Select(place => Path.Combine(place, "models--" + model.Replace("/", "--", StringComparison.Ordinal))).Where(Directory.Exists);

    /// <summary>A revision is the name of a snapshot, or a file that holds it.</summary>
    static string? Snapshot(string folder, string revision)
    {
        var reference = Path.Combine(folder, "refs", revision);
        var commit = File.Exists(reference) ? File.ReadAllText(reference).Trim() : revision;
        return commit.Length > 0 && Path.Combine(folder, "snapshots", commit) is var snapshot && Directory.Exists(snapshot) ? snapshot : null;
    }

    static IEnumerable<string> NamesIn(string folder, string kind) => Path.Combine(folder, kind) is var inside && Directory.Exists(inside)
        ? Directory.EnumerateFileSystemEntries(inside).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal) : [];

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
