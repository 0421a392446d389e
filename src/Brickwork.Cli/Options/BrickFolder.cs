using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Options;

/// <summary>The bricks in a folder.</summary>
static class BrickFolder
{
    /// <summary>Brick files, adapters in GGUF and PEFT folders, in the order of their names; stacks and fusions are no bricks by themselves.</summary>
    /// <exception cref="UsageException">The folder does not exist, or holds none.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"The folder {folder} does not exist.", "Name a folder of bricks, or one brick with --plug.");
        string[] found = [.. Directory.EnumerateFileSystemEntries(folder).Where(IsBrick).Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new UsageException($"The folder {folder} holds no bricks.", "Put .brick files, adapters in GGUF or PEFT folders into it.");
    }

    static bool IsBrick(string path)
    {
        if (Directory.Exists(path))
            return File.Exists(Path.Combine(path, "adapter_config.json"));
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".brick" => !StackFile.IsAt(path) && Brick.Open(path).Kind != BrickKind.Fusion,
            ".gguf" => true,
            _ => false,
        };
    }
}
