using System.Text.Json;

namespace Brickwork.Formats.Reading;

/// <summary>Reads JSON files of bounded size and depth; faults name the file and the line.</summary>
static class JsonFile
{
    /// <summary>Enough for configurations and indexes.</summary>
    public const int SmallFile = 64 << 20;

    /// <summary>Enough for vocabularies.</summary>
    public const int LargeFile = 512 << 20;

    static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <exception cref="CheckpointException">The file is missing, too large or no JSON.</exception>
    public static JsonDocument Read(string path, int mostBytes)
    {
        var bytes = ReadBytes(path, mostBytes);
        try
        {
            return JsonDocument.Parse(WithoutMark(bytes), Options);
        }
        catch (JsonException cause)
        {
            throw new CheckpointException($"{path} is no valid JSON: {cause.Message}", "Download the file again, or correct it.", cause);
        }
    }

    /// <summary>The bytes of a small file.</summary>
    public static byte[] ReadBytes(string path, int mostBytes)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= mostBytes ? File.ReadAllBytes(path)
                : throw new CheckpointException($"{path} has {length} bytes; expected at most {mostBytes}.", "Check that it is the right file.");
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path} does not exist.", "Check the path, or download the model again.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be read: {cause.Message}", "Check that it is a file and that you may read it.", cause);
        }
    }

    static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) =>
        bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
}
