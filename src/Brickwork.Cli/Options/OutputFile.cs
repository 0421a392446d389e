using System.CommandLine;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>Files that verbs write: whole or not at all, and never over an older one unless asked.</summary>
static class OutputFile
{
    public static Option<bool> Force { get; } = new("--force") { Description = "Replace files that exist" };

    /// <summary>What is done where the output exists.</summary>
    public static SaveOptions Existing(Invocation run) => new() { Existing = run.Value(Force) ? ExistingFiles.Replace : ExistingFiles.Refuse };

    /// <summary>Says so where the file exists and must not be replaced.</summary>
    public static void CheckFree(string path, Invocation run)
    {
        if ((File.Exists(path) || Directory.Exists(path)) && !run.Value(Force))
            throw new UsageException($"{path} exists already.", "Choose another name, or replace it with --force.");
    }

    /// <summary>Looks before the work whether the file that the user may have named can be written.</summary>
    /// <exception cref="UsageException">It exists, is a folder, or its folder does not exist.</exception>
    public static void Check(string? path, Invocation run)
    {
        if (path is null)
            return;
        if (Directory.Exists(path))
            throw new UsageException($"{path} is a folder; expected the name of a file.", "Name a file in it.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"The folder {folder} of {path} does not exist.", "Make it, or choose another place.");
        CheckFree(path, run);
    }

    public static void Write(string path, ReadOnlySpan<byte> bytes, Invocation run)
    {
        CheckFree(path, run);
        var unfinished = path + ".unfinished";
        try
        {
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
