using Brickwork.Tensors.Storage;

namespace Brickwork.Formats.Reading;

/// <summary>Opens a file for reading in place; what the system refuses becomes an error a user can act on.</summary>
static class MappedFile
{
    /// <exception cref="CheckpointException">The file is missing, empty or may not be read.</exception>
    public static MappedStorage Open(string path)
    {
        if (Directory.Exists(path))
            throw new CheckpointException($"{path} is a folder; expected a model file.", "Name the file inside it.");
        try
        {
            return MappedStorage.Open(path);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path} does not exist.", "Check the path, or download the model first.", cause);
        }
        catch (EndOfStreamException cause)
        {
            throw new CheckpointException($"{path} is empty (0 bytes); expected a model file.", "Download or convert it again.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CheckpointException($"{path} cannot be opened: {cause.Message}", "Check that it is a file and that you may read it.", cause);
        }
    }
}
