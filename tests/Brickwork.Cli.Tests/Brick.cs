// Options that several verbs share are objects the parser ties to each of them; one run at a time keeps those ties in order.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Brickwork.Cli.Tests;

/// <summary>The program, called in process.</summary>
static class Brick
{
    /// <summary>The smaller embedded model, whose weights and words never change.</summary>
    public const string Stories = "stories260k";

    /// <summary>A few tokens of its favourite story.</summary>
    public static readonly string[] Story = StoryOf(Stories);

    /// <summary>A few tokens of what a model makes of the beginning of that story.</summary>
    public static string[] StoryOf(string model) => ["ask", "Once upon a time", "-n", "8", "--temperature", "0", "-m", model];

    public static async Task<Outcome> Run(params string[] arguments)
    {
        using var result = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, result, error);
        return new Outcome(code, result.ToString(), error.ToString());
    }
}
