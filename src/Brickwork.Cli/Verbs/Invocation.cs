using System.CommandLine;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary>One run of a verb: what the user gave and where the answers go.</summary>
sealed class Invocation
{
    Invocation(ParseResult parsed, OutputStreams output, CancellationToken cancellation) =>
        (Parsed, Output, Cancellation) = (parsed, output, cancellation);

    public ParseResult Parsed { get; }

    public OutputStreams Output { get; }

    public CancellationToken Cancellation { get; }

    public T? Value<T>(Option<T> option) => Parsed.GetValue(option);

    public T? Value<T>(Argument<T> argument) => Parsed.GetValue(argument);

    /// <summary>Whether the user gave this option.</summary>
    public bool Given(Option option) => Parsed.GetResult(option) is { Implicit: false };

    /// <summary>Runs a verb and turns every fault into the two lines and the exit code of the contract.</summary>
    public static int Guard(ParseResult parsed, Func<Invocation, int> run, CancellationToken cancellation)
    {
        var settings = parsed.InvocationConfiguration;
        var output = new OutputStreams(settings.Output, settings.Error, parsed.GetValue(OutputOptions.Json), parsed.GetValue(OutputOptions.Quiet));
        try
        {
            return run(new Invocation(parsed, output, cancellation));
        }
        catch (Exception fault)
        {
            var report = ErrorReport.Of(fault);
            report.Write(output);
            if (parsed.GetValue(OutputOptions.Verbose))
                output.Error.WriteLine(fault);
            return report.Code;
        }
    }
}
