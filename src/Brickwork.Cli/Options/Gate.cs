using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>A limit that a measured number must keep: <c>METRIC&lt;VALUE</c> or <c>METRIC&gt;VALUE</c>. A miss ends with exit code 1.</summary>
static class Gate
{
    public static Option<string[]> Option { get; } = new("--gate")
    {
        Description = "Fail with exit code 1 unless METRIC<VALUE (or METRIC>VALUE) holds (repeatable)",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Refuses, before any work is done, gates on something else than what will be measured.</summary>
    /// <exception cref="UsageException">A gate names no such number.</exception>
    public static void Require(Invocation run, params string[] metrics)
    {
        foreach (var gate in run.Value(Option)!)
            Holds(gate, metrics.ToDictionary(name => name, _ => 0.0), out _);
    }

    /// <summary>The same where nothing is measured without <paramref name="source"/>.</summary>
    /// <exception cref="UsageException">A gate names no such number, or <paramref name="source"/> is missing.</exception>
    public static void RequireWith(Option<string?> source, Invocation run, params string[] metrics)
    {
        if (run.Value(Option) is [var gate, ..] && run.Value(source) is null)
            throw new UsageException($"--gate {gate} holds back nothing: without {source.Name} nothing is measured.", $"Give {source.Name}, or leave --gate out.");
        Require(run, metrics);
    }

    /// <summary>Checks every gate the user gave against what was measured.</summary>
    /// <exception cref="UsageException">A gate names no such number.</exception>
    public static int Check(Invocation run, IReadOnlyDictionary<string, double> measured)
    {
        var code = ExitCode.Good;
        foreach (var gate in run.Value(Option)!)
            if (!Holds(gate, measured, out var found))
            {
                run.Output.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gate missed  {gate}: found {found:G6}"));
                code = ExitCode.GateMissed;
            }
        return code;
    }

    static bool Holds(string gate, IReadOnlyDictionary<string, double> measured, out double found)
    {
        var at = gate.IndexOfAny(['<', '>']);
        if (at <= 0 || !double.TryParse(gate[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var limit) || !measured.TryGetValue(gate[..at], out found))
            throw new UsageException($"'{gate}' is no gate; expected METRIC<VALUE or METRIC>VALUE with one of {string.Join(", ", measured.Keys)}.", $"Quote it: --gate \"{measured.Keys.First()}<1\"");
        return gate[at] == '<' ? found < limit : found > limit;
    }
}
