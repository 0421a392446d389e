namespace Brickwork.Cli.Tests.Processes;

public sealed class ProcessTests
{
    [Fact]
    public async Task A_prompt_comes_through_a_pipe()
    {
        using var process = new BrickProcess("ask", "-n", "8", "--temperature", "0", "-m", Brick.Stories, "--json");

        (await process.Finish("Once upon a time")).Json().Ids("ids").ShouldBe((await Brick.Run([.. Brick.Story, "--json"])).Json().Ids("ids"));
    }

    [Fact]
    public async Task A_conversation_obeys_its_commands_and_ends_with_the_input()
    {
        using var process = new BrickProcess("chat", "-n", "8", "--temperature", "0", "-m", Brick.Stories);

        var outcome = await process.Finish("Once upon a time\n/stats\n/fly\n/help\n/reset\n");

        outcome.Code.ShouldBe(0);
        outcome.Result.ShouldContain("there was");
        outcome.Error.ShouldContain("8 tokens");
        outcome.Error.ShouldContain("error  '/fly'");
        outcome.Error.ShouldContain("/save FILE");
    }

    [SkippableFact]
    public async Task Ctrl_C_ends_a_long_answer_with_130()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are sent with kill");
        // The end token is banned and the context is long, so that the story goes on for minutes.
        using var process = new BrickProcess("ask", "Once upon a time", "--context", "100000", "--logit-bias", "2:-inf", "--logit-bias", "1:-inf", "-m", Brick.Stories);
        process.Result.Read().ShouldBeGreaterThan(0);

        process.Interrupt();

        var outcome = await process.Finish();
        outcome.Code.ShouldBe(130);
        outcome.Error.ShouldNotContain("   at ");
    }
}
