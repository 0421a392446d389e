using Brickwork.Formats.BrickFiles;
using Brickwork.Formats.Log;
using Brickwork.Formats.Reading;

namespace Brickwork;

/// <summary>The log that a file or folder holds: a model, a brick, or the lines of a log by themselves.</summary>
/// <param name="Source">The file or folder.</param>
/// <param name="Operations">Each after those whose results it read; empty where there is no log.</param>
/// <param name="Hash">The hash of what the last operation made; null where nobody knows.</param>
public sealed record LogFile(string Source, IReadOnlyList<LoggedOperation> Operations, string? Hash)
{
    const int MostBytes = 64 << 20;

    /// <summary>Reads the log of a GGUF file, a Hugging Face or PEFT folder, a brick file, a stack of bricks, a safetensors file, or a text of lines.</summary>
    /// <exception cref="CheckpointException">It is missing or damaged, or its log is one of a later version.</exception>
    public static LogFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        // Of the file of a stack, only the names would be hashed.
        if (StackFile.IsAt(path))
            return OfStack(path, StackFile.Open(path));
        // Every line of a log is an object.
        if (JsonFile.IsObjectAt(path))
        {
            var operations = OperationLog.Parse(TextOf(path), path);
            return new LogFile(path, operations, operations is [.., var last] ? last.Output : null);
        }
        using Checkpoint file = Directory.Exists(path) || CheckpointFile.Detect(path) == ModelFormat.Safetensors
            ? SafetensorsCheckpoint.OpenFile(path)
            : GgufCheckpoint.OpenFile(path);
        var log = BrickFile.FindManifest(file)?.Log ?? OperationLog.Of(file.Metadata);
        return new LogFile(path, log, (Directory.Exists(path) ? ContentHash.Of(path) : file.HashContent(default)!.Value).Text);
    }

    /// <summary>The log as lines; the last one names the hash of what was made.</summary>
    public IEnumerable<string> Lines() => Operations.Select((operation, index) => (index == Operations.Count - 1 ? operation with { Output = Hash } : operation).ToString());

    static LogFile OfStack(string path, StackFile stack)
    {
        using var model = LanguageModel.Load(stack.Model);
        return new LogFile(path, stack.Log(model), Hash: null);
    }

    static string TextOf(string path) => new FileInfo(path).Length <= MostBytes ? File.ReadAllText(path)
        : throw new CheckpointException($"{path} is a text of more than {MostBytes} bytes; expected a log.", "Name a log, a model or a brick.");
}
