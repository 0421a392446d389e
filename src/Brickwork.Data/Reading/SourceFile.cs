using System.IO.Compression;

namespace Brickwork.Data.Reading;

/// <summary>A file to read: on its own, gzipped, or inside a zip archive.</summary>
/// <param name="Name">The path, for messages; inside an archive, the archive's and the entry's.</param>
/// <param name="Open">Opens the plain bytes.</param>
sealed record SourceFile(string Name, Func<Stream> Open)
{
    const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>The ending that tells the format, in small letters, without <c>.gz</c>.</summary>
    public string Extension => Path.GetExtension(Name.EndsWith(".gz", IgnoreCase) ? Name[..^3] : Name).ToLowerInvariant();

    /// <summary>The files of a path in the order of their names; hidden ones are left out.</summary>
    public static IEnumerable<SourceFile> Find(string path)
    {
        return Directory.Exists(path) ? PathsIn(path).SelectMany(OfFile) : OfFile(path);
    }

    /// <summary>The paths of the files in a folder in the order of their names; hidden ones are left out.</summary>
    public static IEnumerable<string> PathsIn(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
        .Order(StringComparer.Ordinal);

    static IEnumerable<SourceFile> OfFile(string path) =>
        path.EndsWith(".zip", IgnoreCase) ? OfArchive(path) : [new SourceFile(path, () => Plain(path, File.OpenRead(path)))];

    static IEnumerable<SourceFile> OfArchive(string path)
    {
        using var archive = OpenArchive(path);
        foreach (var entry in archive.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            if (!entry.FullName.EndsWith('/'))
                yield return new SourceFile($"{path}/{entry.FullName}", () => Plain(entry.FullName, entry.Open()));
        }
    }

    static Stream Plain(string name, Stream bytes) => name.EndsWith(".gz", IgnoreCase) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes;

    static ZipArchive OpenArchive(string path)
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"{path} cannot be read as a zip archive: {cause.Message}", "Pack it again, or name the files in it.", cause);
        }
    }
}
