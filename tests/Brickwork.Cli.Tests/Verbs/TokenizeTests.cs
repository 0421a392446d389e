namespace Brickwork.Cli.Tests.Verbs;

public sealed class TokenizeTests
{
    const string Text = "Lily said: \"Héllo, 2 dogs!\" 🐶";

    [Fact]
    public async Task Every_id_has_its_piece()
    {
        var json = (await Brick.Run("tokenize", Text, "--json")).Json();

        json.ShouldHave("ids", "pieces");
        json.GetProperty("pieces").GetArrayLength().ShouldBe(json.Ids("ids").Length);
    }

    [Fact]
    public async Task Decoding_gives_the_text_back()
    {
        var ids = (await Brick.Run("tokenize", Text)).Result.Trim();

        (await Brick.Run("tokenize", "--decode", ids, "--json")).Json().Text("text").Trim().ShouldBe(Text);
    }

    [Fact]
    public async Task Special_adds_the_start_token()
    {
        var plain = (await Brick.Run("tokenize", Text, "-m", Brick.Stories, "--json")).Json().Ids("ids");

        (await Brick.Run("tokenize", Text, "--special", "-m", Brick.Stories, "--json")).Json().Ids("ids").ShouldBe([1, .. plain]);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_text()
    {
        using var folder = new TestKit.TemporaryFolder();
        var file = folder.Write("text.txt", [0xEF, 0xBB, 0xBF, .. "dog"u8]);

        (await Brick.Run("tokenize", "--file", file)).Result.ShouldBe((await Brick.Run("tokenize", "dog")).Result);
    }
}
