using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

public sealed class TrainBrickTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lora:rank=2,targets=layers.*.attention.{query,value}")]
    [InlineData("prefix:tokens=4")]
    public async Task A_brick_is_trained_on_a_text_and_plugged(string brick)
    {
        var text = _folder.Write("cats.txt", string.Concat(Enumerable.Repeat("Once upon a time there was a cat. ", 30)));

        var trained = await Brick.Run(["train", text, "--brick", brick, "-m", "stories260k", "--steps", "2", "--out", _folder.File("out"), "--threads", "1", "--json"]);

        trained.Code.ShouldBe(0, trained.Error);
        trained.Document().GetProperty("model").GetString().ShouldBe(_folder.File("out", "cats.brick"));
        var asked = await Brick.Run(["ask", "Once upon", "-n", "4", "-m", "stories260k", "--plug", _folder.File("out", "cats.brick"), "--temperature", "0", "--json"]);
        asked.Code.ShouldBe(0, asked.Error);
        asked.Document().GetProperty("ids").GetArrayLength().ShouldBe(4);
    }
}
