namespace Brickwork.Cli.Tests.Verbs;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("pwsh", "Register-ArgumentCompleter ")]
    public async Task A_script_registers_itself_with_its_shell(string shell, string command) =>
        (await Brick.Run("completion", shell)).Result.ShouldContain(command);

    [Fact]
    public async Task What_the_scripts_call_suggests_verbs() =>
        (await Brick.Run("[suggest:8]", "brick to")).Result.ShouldContain("tokenize");
}
