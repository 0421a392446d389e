namespace Brickwork.Formats.Log;

/// <summary>Something that an operation reads, and how it came to be itself.</summary>
/// <param name="Input">What the log says of it.</param>
/// <param name="Log">Its own log; empty where it has none.</param>
sealed record LoggedSource(LoggedInput Input, IReadOnlyList<LoggedOperation> Log)
{
    /// <summary>An open model.</summary>
    public static LoggedSource Of(string role, Checkpoint checkpoint, CancellationToken cancellation = default) =>
        Of(role, NameOf(checkpoint.Source), checkpoint, cancellation);

    /// <summary>An open model under a name that somebody gave it.</summary>
    public static LoggedSource Of(string role, string name, Checkpoint checkpoint, CancellationToken cancellation = default) =>
        new(InputOf(role, name, checkpoint.HashContent(cancellation)), OperationLog.Of(checkpoint.Metadata));

    /// <summary>A file or folder that has no log.</summary>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static LoggedSource OfFile(string role, string path, CancellationToken cancellation = default) =>
        new(InputOf(role, NameOf(path), ContentHash.Of(path, cancellation)), []);

    /// <summary>Something that was made in memory: the operation cannot be repeated from files.</summary>
    public static LoggedSource InMemory(string role, string name, IReadOnlyList<LoggedOperation> log) => new(InputOf(role, name, null), log);

    /// <summary>The last name of a path: logs tell nothing of the machine they were written on.</summary>
    public static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    static LoggedInput InputOf(string role, string name, ContentHash? content) => new(role, name, content?.Text, content?.Bytes ?? 0);
}
