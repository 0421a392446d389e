using System.CommandLine;

namespace Brickwork.Cli.Verbs;

/// <summary>One verb of the command line: its options and what it does.</summary>
abstract class Verb : Command
{
    protected Verb(string name, string description) : base(name, description) =>
        SetAction((parsed, cancellation) => Task.Run(() => Invocation.Guard(parsed, Run, cancellation), CancellationToken.None));

    /// <summary>Does the work and gives the exit code.</summary>
    protected abstract int Run(Invocation run);
}
