using System.Globalization;
using Brickwork.Data.Reading;
using Brickwork.Formats.Log;

namespace Brickwork.Bricks.Log;

/// <summary>Texts as a log tells of them: a file by its name; a folder as its files, named from the folder on.</summary>
static class LoggedTexts
{
    const string Text = "text ";

    /// <summary>The role of one entry of a list of texts, each a file or a folder.</summary>
    public static string RoleOf(int entry) => string.Create(CultureInfo.InvariantCulture, $"{Text}{entry + 1}");

    /// <summary>Whether a role is that of an entry of a list.</summary>
    public static bool IsEntry(string role) => role.StartsWith(Text, StringComparison.Ordinal);

    /// <summary>The files of a list of texts.</summary>
    /// <exception cref="CheckpointException">One cannot be read.</exception>
    public static IEnumerable<LoggedSource> Of(IEnumerable<string> paths, CancellationToken cancellation = default) =>
        paths.SelectMany((path, entry) => Of(path, RoleOf(entry), cancellation));

    /// <summary>The files of one text in a role.</summary>
    /// <exception cref="CheckpointException">One cannot be read.</exception>
    public static IReadOnlyList<LoggedSource> Of(string path, string role, CancellationToken cancellation = default)
    {
        if (!Directory.Exists(path))
            return [LoggedSource.OfFile(role, path, cancellation)];
        var folder = Path.GetFullPath(Path.TrimEndingDirectorySeparator(path));
        var above = Path.GetDirectoryName(folder) ?? folder;
        return [.. SourceFile.PathsIn(folder).AsParallel().AsOrdered().WithCancellation(cancellation).Select(file =>
        {
            var source = LoggedSource.OfFile(role, file, cancellation);
            return source with { Input = source.Input with { Name = Path.GetRelativePath(above, file).Replace('\\', '/') } };
        })];
    }
}
