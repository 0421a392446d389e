using System.CommandLine;
using System.Text.RegularExpressions;
using Brickwork.Cli;

namespace Brickwork.Golden;

public sealed partial class HelpTests
{
    /// <summary>Every verb, and the verbs below it, by the words that lead there.</summary>
    public static TheoryData<string> Verbs => [.. Below(CommandLine.Root(), "")];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task The_help_changes_only_on_purpose(string verb)
    {
        using var result = new StringWriter();
        using var error = new StringWriter();

        var code = await CommandLine.RunAsync([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], result, error);

        code.ShouldBe(0);
        error.ToString().ShouldBeEmpty();
        // The parser calls the program by the name of the process, which is here the one that runs the tests.
        ProgramName().Replace(result.ToString(), "brick").ShouldMatchGolden($"Help/{(verb.Length == 0 ? "brick" : verb.Replace(' ', '-'))}.txt");
    }

    static IEnumerable<string> Below(Command command, string path) =>
        command.Subcommands.SelectMany(verb => Below(verb, $"{path} {verb.Name}".Trim())).Prepend(path);

    [GeneratedRegex(@"(?<=^Usage:\r?\n  )[^\s<\[]+", RegexOptions.Multiline)]
    private static partial Regex ProgramName();
}
