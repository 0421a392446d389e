namespace Brickwork.Cli.Tests.Verbs;

public sealed class ModelsTests
{
    [Fact]
    public async Task The_embedded_model_is_listed_as_the_default()
    {
        var json = (await Brick.Run("models", "--json")).Json();

        json.GetProperty("models").EnumerateArray().Single(model => model.GetProperty("default").GetBoolean()).Text("name").ShouldBe("brickwork-dense");
        (await Brick.Run("models")).Result.ShouldContain(Brick.Stories);
        (await Brick.Run("models", "--path")).Result.Trim().ShouldBe(json.Text("path"));
    }
}
