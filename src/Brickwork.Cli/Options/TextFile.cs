using System.Text;

namespace Brickwork.Cli.Options;

/// <summary>Reads a text file strictly: what is no UTF-8 is an error, not a question mark.</summary>
static class TextFile
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="CheckpointException">The file is missing or no UTF-8 text.</exception>
    public static string Read(string path)
    {
        if (Directory.Exists(path))
            throw new CheckpointException($"{path} is a folder; expected a text file.", "Name a file in it.");
        if (!File.Exists(path))
            throw new CheckpointException($"The text file {path} does not exist.", "Check the path.");
        try
        {
            // File.ReadAllText would take a byte order mark for a reason to decode as UTF-16, leniently.
            return Strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException fault)
        {
            throw new CheckpointException($"{path} is no UTF-8 text: byte {fault.Index} cannot be decoded.", "Convert it: iconv -t UTF-8 FILE", fault);
        }
    }
}
