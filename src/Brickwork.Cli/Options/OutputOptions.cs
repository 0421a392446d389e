using System.CommandLine;

namespace Brickwork.Cli.Options;

/// <summary>Options of every verb: how much it says and in which form.</summary>
static class OutputOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "One JSON document on stdout and nothing else there", Recursive = true };

    public static Option<bool> Quiet { get; } = new("--quiet") { Description = "No cards, progress or warnings", Recursive = true };

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Stack traces of errors", Recursive = true };
}
