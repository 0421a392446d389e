using System.Text.Json;
using System.Text.Unicode;

namespace Brickwork.Formats.Reading;

/// <summary>Reads JSON files of bounded size and depth; faults name the file and the line.</summary>
static class JsonFile
{
    /// <summary>Enough for configurations and indexes.</summary>
    public const int SmallFile = 64 << 20;

    /// <summary>Enough for vocabularies.</summary>
    public const int LargeFile = 512 << 20;

    static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Whether there is a file that begins as an object does.</summary>
    public static bool IsObjectAt(string path)
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenRead(path);
        return file.ReadByte() == '{';
    }

    /// <exception cref="CheckpointException">The file is missing, too large or no JSON.</exception>
    public static JsonDocument Read(string path, int mostBytes)
    {
        var json = WithoutMark(ReadBytes(path, mostBytes));
        try
        {
            CheckTexts(json.Span);
            return JsonDocument.Parse(json, Options);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
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

    // A document finds out that a text is invalid only when it is asked for, far from here; so every doubtful one is asked for now.
    static void CheckTexts(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new JsonException("it is not UTF-8.");
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
            return;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                _ = reader.GetString();
    }

    static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) =>
        bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
}
