using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli;

/// <summary>The whole command line: every verb, and how a run of it ends.</summary>
static partial class CommandLine
{
    // A training that is cancelled saves its state first.
    static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(string[] arguments, TextWriter result, TextWriter error)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
            return WrongUsage(parsed, result, error);
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = result, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeToStop });
    }

    /// <summary>The verbs, in the order of the help.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Runs, takes apart and reconfigures language models on ordinary CPUs.")
        {
            new AskVerb(),
            new ChatVerb(),
            new InspectVerb(),
            new TokenizeVerb(),
            new LogitsVerb(),
            new EmbedVerb(),
            new EvalVerb(),
            new ConvertVerb(),
            new ImatrixVerb(),
            new QuantizeVerb(),
            new DiffVerb(),
            new MergeVerb(),
            new ExtractVerb(),
            new TrainVerb(),
            new PlugVerb(),
            new UnplugVerb(),
            new RouteVerb(),
            new ConvertBrickVerb(),
            new ReplayVerb(),
            new BenchVerb(),
            new ModelsVerb(),
            new CompletionVerb(),
        };
        root.Add(OutputOptions.Json);
        root.Add(OutputOptions.Quiet);
        root.Add(OutputOptions.Verbose);
        return root;
    }

    static int WrongUsage(ParseResult parsed, TextWriter result, TextWriter error)
    {
        var verb = string.Concat(Verbs(parsed.CommandResult).Reverse().Select(name => name + " "));
        var report = new ErrorReport(ExitCode.WrongUsage, string.Join(" ", parsed.Errors.Select(fault => InPlainWords(fault.Message))), $"See the options: brick {verb}--help");
        report.Write(new OutputStreams(result, error, parsed.GetValue(OutputOptions.Json), quiet: false));
        return report.Code;
    }

    /// <summary>The verbs that were named, the innermost first.</summary>
    static IEnumerable<string> Verbs(CommandResult command)
    {
        for (var at = command; at is { Command: not RootCommand }; at = at.Parent as CommandResult)
            yield return at.Command.Name;
    }

    // The parser lists choices in lines of their own and speaks of .NET types.
    static string InPlainWords(string message)
    {
        var line = string.Join(" ", message.Split(['\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return WholeNumberType().Replace(FractionType().Replace(line, "a number"), "a whole number");
    }

    [GeneratedRegex(@"expected type '[^']*System\.Single[^']*'")]
    private static partial Regex FractionType();

    [GeneratedRegex(@"expected type '[^']*System\.Int\d+[^']*'")]
    private static partial Regex WholeNumberType();
}
