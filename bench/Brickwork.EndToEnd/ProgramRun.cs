using System.Diagnostics;

namespace Brickwork.EndToEnd;

/// <summary>Runs other programs.</summary>
static class ProgramRun
{
    /// <summary>What the program prints, or null where it is not done in time; an exception with all of it where it fails.</summary>
    public static string? TryOutput(string program, IEnumerable<string> arguments, TimeSpan limit, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return null;
        }
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Result : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {output.Result}");
    }

    /// <summary>The same of a program that is given all the time it wants.</summary>
    public static string Output(string program, params IEnumerable<string> arguments) => TryOutput(program, arguments, Timeout.InfiniteTimeSpan)!;
}
