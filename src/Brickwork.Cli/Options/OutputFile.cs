using System.CommandLine;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>Files that verbs write: whole or not at all, and never over an older one unless asked.</summary>
static class OutputFile
{
    public static Option<bool> Force { get; } = new("--force") { Description = "Replace files that exist" };

    /// <summary>Says so where the file exists and must not be replaced.</summary>
    public static void CheckFree(string path, Invocation run)
    {
        if ((File.Exists(path) || Directory.Exists(path)) && !run.Value(Force))
            throw new UsageException($"{path} exists already.", "Choose another name, or replace it with --force.");
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
