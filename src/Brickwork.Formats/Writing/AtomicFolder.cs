using System.Collections.Frozen;

namespace Brickwork.Formats.Writing;

/// <summary>A folder that appears under its name only when it is complete: filled beside it, then renamed.</summary>
/// <remarks>Disposing it before <see cref="Commit"/> removes what was written.</remarks>
sealed class AtomicFolder : IDisposable
{
    static readonly FrozenSet<string> ReplacedEndings = FrozenSet.ToFrozenSet([".safetensors", ".json", ".jinja", ".model"], StringComparer.OrdinalIgnoreCase);

    // What a merge writes beside a model. A README alone is somebody's own.
    const string Card = "README.md", Recipe = "mergekit_config.yml";

    readonly ExistingFiles _existing;
    bool _committed;

    /// <exception cref="CheckpointException">The folder exists and may not be replaced, or cannot be created.</exception>
    public AtomicFolder(string path, ExistingFiles existing)
    {
        Path = System.IO.Path.TrimEndingDirectorySeparator(path);
        _existing = existing;
        AtomicPath.Check(Path, existing);
        RefuseStrangers();
        AtomicPath.RemoveLeftovers(Path);
        WorkPath = AtomicPath.Temporary(Path);
        AtomicPath.Writing(Path, () => Directory.CreateDirectory(WorkPath));
    }

    /// <summary>Where the folder will stand.</summary>
    public string Path { get; }

    /// <summary>Where to put files until then.</summary>
    public string WorkPath { get; }

    /// <summary>Gives the folder its name; one that stood there before goes only after the new one is in place.</summary>
    public void Commit()
    {
        AtomicPath.Check(Path, _existing);
        RefuseStrangers();
        AtomicPath.Writing(Path, () =>
        {
            var old = Directory.Exists(Path) ? AtomicPath.Temporary(Path) : null;
            if (old is not null)
                Directory.Move(Path, old);
            Directory.Move(WorkPath, Path);
            if (old is not null)
                Directory.Delete(old, recursive: true);
        });
        _committed = true;
    }

    /// <summary>Replacing a folder deletes what is in it, so it must hold nothing but the files of a model.</summary>
    void RefuseStrangers()
    {
        if (!Directory.Exists(Path))
            return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories))
            if (!IsReplaced(System.IO.Path.GetRelativePath(Path, entry)) && !Directory.Exists(entry))
                throw new CheckpointException($"{Path} holds {System.IO.Path.GetRelativePath(Path, entry)}, which is no file of a model and would be lost.",
                    "Choose another folder, or move that file away first.");
    }

    bool IsReplaced(string name) => ReplacedEndings.Contains(System.IO.Path.GetExtension(name))
        || name is Card or Recipe && File.Exists(System.IO.Path.Combine(Path, Recipe));

    public void Dispose()
    {
        if (!_committed && Directory.Exists(WorkPath))
            Directory.Delete(WorkPath, recursive: true);
    }
}
