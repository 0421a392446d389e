namespace Brickwork.Formats.Writing;

/// <summary>What atomic files and folders share: temporary names, and errors a user can act on.</summary>
static class AtomicPath
{
    /// <summary>How the names of unfinished files end.</summary>
    public const string Extension = ".partial";

    /// <summary>A free name in the same folder, so that a rename never crosses a file system.</summary>
    public static string Temporary(string path) => $"{path}.{Path.GetRandomFileName()}{Extension}";

    /// <summary>Removes what runs that were killed left of this file or folder; what a living run still writes stays.</summary>
    public static void RemoveLeftovers(string path)
    {
        var full = Path.GetFullPath(Path.TrimEndingDirectorySeparator(path));
        if (Path.GetDirectoryName(full) is not { } folder || !Directory.Exists(folder))
            return;
        foreach (var leftover in Directory.EnumerateFileSystemEntries(folder, $"{Path.GetFileName(full)}.*{Extension}").ToList())
            if (Directory.Exists(leftover))
            {
                if (Directory.EnumerateFiles(leftover, "*", SearchOption.AllDirectories).All(IsAbandoned))
                    Directory.Delete(leftover, recursive: true);
            }
            else if (IsAbandoned(leftover))
                File.Delete(leftover);
    }

    // A writer holds its file alone.
    static bool IsAbandoned(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <exception cref="CheckpointException">The path is taken.</exception>
    public static void Check(string path, ExistingFiles existing)
    {
        if (existing == ExistingFiles.Refuse && (File.Exists(path) || Directory.Exists(path)))
            throw new CheckpointException($"{path} exists already; expected a free name.", "Choose another name, or replace it with --force.");
    }

    /// <summary>Runs a step of writing; what the system refuses becomes our error.</summary>
    public static void Writing(string path, Action step) => Writing<object?>(path, () =>
    {
        step();
        return null;
    });

    /// <inheritdoc cref="Writing(string, Action)"/>
    public static T Writing<T>(string path, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, cause);
        }
    }

    // What .NET adds about its parameters says nothing to a user.
    public static CheckpointException Refused(string path, Exception cause) => new(
        $"{path} cannot be written: {cause.Message.Split(" (Parameter '")[0]}", "Check that its folder exists, that you may write there, and that the disk has room.", cause);
}
