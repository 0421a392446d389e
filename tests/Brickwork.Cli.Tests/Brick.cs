// Options that several verbs share are objects the parser ties to each of them; one run at a time keeps those ties in order.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Brickwork.Cli.Tests;

/// <summary>The program, called in process.</summary>
static class Brick
{
    /// <summary>A few tokens of the embedded model's favourite story.</summary>
    public static readonly string[] Story = ["ask", "Once upon a time", "-n", "8", "--temperature", "0"];

    public static async Task<Outcome> Run(params string[] arguments)
    {
        using var result = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, result, error);
        return new Outcome(code, result.ToString(), error.ToString());
    }
}
