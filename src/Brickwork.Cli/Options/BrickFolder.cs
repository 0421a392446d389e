using Brickwork.Formats.BrickFiles;

namespace Brickwork.Cli.Options;

/// <summary>The bricks in a folder.</summary>
static class BrickFolder
{
    /// <summary>Brick files, adapters in GGUF and PEFT folders, in the order of their names; stacks and fusions are no bricks by themselves.</summary>
    /// <exception cref="CheckpointException">The folder does not exist, or holds none.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new CheckpointException($"The folder {folder} does not exist.", "Name a folder of bricks, or one brick with --plug.");
        string[] found = [.. Directory.EnumerateFileSystemEntries(folder).Where(IsBrick).Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new CheckpointException($"The folder {folder} holds no bricks.", "Put .brick files, adapters in GGUF or PEFT folders into it.");
    }

    static bool IsBrick(string path)
    {
        if (Directory.Exists(path))
            return PeftFolder.IsAt(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".brick" => !StackFile.IsAt(path) && !IsFusion(path),
            ".gguf" => true,
            _ => false,
        };
    }

    // The header says so; the tensors are read when the brick is plugged.
    static bool IsFusion(string path)
    {
        if (CheckpointFile.Detect(path) != ModelFormat.Safetensors)
            return false;
        using var file = SafetensorsCheckpoint.OpenFile(path);
        return BrickFile.FindManifest(file)?.Kind == BrickKind.Fusion;
    }
}
