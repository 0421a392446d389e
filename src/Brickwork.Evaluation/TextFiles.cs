using System.IO.Compression;
using System.Text;

namespace Brickwork;

/// <summary>Reads files of texts and tasks.</summary>
public static class TextFiles
{
    /// <summary>The whole text of a UTF-8 file; a name that ends in .gz is unpacked. Bytes that are no UTF-8 become U+FFFD.</summary>
    /// <exception cref="DataFileException">The file is missing or damaged.</exception>
    public static string Read(string path)
    {
        try
        {
            using var reader = new StreamReader(Open(path), Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Unreadable(path, fault);
        }
    }

    internal static DataFileException Unreadable(string path, Exception fault) =>
        new($"The file '{path}' cannot be read: {fault.Message}", "Give a file of UTF-8 text; .gz is unpacked.", fault);

    static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
