namespace Brickwork.Cli.Tests.Verbs;

public sealed class AskTests
{
    const string Story = ", there was a little girl named";

    [Fact]
    public async Task The_document_has_the_fields_of_the_contract()
    {
        var json = (await Brick.Run([.. Brick.Story, "--json"])).Json();

        json.ShouldHave("text", "ids", "promptTokens", "finish", "timing");
        json.GetProperty("timing").ShouldHave("promptTokensPerSecond", "tokensPerSecond", "firstTokenMs");
        json.Text("text").ShouldStartWith(Story[..12]);
        json.Ids("ids").Length.ShouldBe(8);
        json.Text("finish").ShouldBe("length");
    }

    [Fact]
    public async Task The_answer_goes_to_stdout_and_the_card_to_stderr()
    {
        var outcome = await Brick.Run(Brick.Story);

        outcome.Code.ShouldBe(0);
        outcome.Result.ShouldStartWith(Story[..12]);
        outcome.Result.ShouldNotContain("tokens/s");
        outcome.Error.ShouldContain("8 tokens");
        outcome.Error.ShouldNotContain("\u001b");      // nobody looks at a terminal here, so there are no colours
    }

    [Fact]
    public async Task Quiet_leaves_the_answer_alone() => (await Brick.Run([.. Brick.Story, "--quiet"])).Error.ShouldBeEmpty();

    [Fact]
    public async Task A_text_stops_before_the_stop_string()
    {
        var json = (await Brick.Run("ask", "Once upon a time", "--temperature", "0", "-n", "60", "--stop", "girl", "-m", Brick.Stories, "--json")).Json();

        json.Text("finish").ShouldBe("stop");
        json.Text("text").ShouldEndWith("little ");
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        async Task<string> Text(string seed) => (await Brick.Run("ask", "Tom", "-n", "30", "--seed", seed, "--json")).Json().Text("text");

        var first = await Text("5");
        (await Text("5")).ShouldBe(first);
        (await Text("6")).ShouldNotBe(first);
    }

    [Fact]
    public async Task Ids_are_fed_as_they_are()
    {
        var ids = (await Brick.Run("tokenize", "Once upon a time", "--special", "-m", Brick.Stories, "--json")).Json().Ids("ids");

        var fed = (await Brick.Run("ask", "--tokens", string.Join(',', ids), "-n", "8", "--temperature", "0", "-m", Brick.Stories, "--json")).Json();

        fed.Ids("ids").ShouldBe((await Brick.Run([.. Brick.Story, "--json"])).Json().Ids("ids"));
        fed.GetProperty("promptTokens").GetInt32().ShouldBe(ids.Length);
    }

    [Fact]
    public async Task Threads_and_kernel_paths_change_no_word()
    {
        var text = (await Brick.Run(Brick.Story)).Result;

        (await Brick.Run([.. Brick.Story, "--threads", "1", "--isa", "reference", "--kv", "f32"])).Result.ShouldBe(text);
        (await Brick.Run([.. Brick.Story, "--threads", "3", "--exact"])).Result.ShouldBe(text);
    }

    [Fact]
    public async Task More_threads_than_make_sense_are_taken_down_with_a_warning()
    {
        var outcome = await Brick.Run([.. Brick.Story, "--threads", "99999"]);

        outcome.Code.ShouldBe(0);
        outcome.Error.ShouldStartWith("warning  --threads 99999");
    }

    [Theory]
    [InlineData("--prompt-lookup")]
    [InlineData("--draft", "stories260k")]
    [InlineData("--draft", "stories260k", "--draft-tokens", "5")]
    public async Task Guesses_change_no_word_and_are_counted(params string[] guessing)
    {
        string[] story = ["ask", "Tim and Tim and Tim and", "-n", "30", "--temperature", "0", "-m", Brick.Stories, "--json"];
        var plain = (await Brick.Run(story)).Json();

        var guessed = (await Brick.Run([.. story, .. guessing])).Json();

        guessed.Ids("ids").ShouldBe(plain.Ids("ids"));
        var (before, after) = (plain.GetProperty("timing"), guessed.GetProperty("timing"));
        (before.Number("passes"), before.Number("drafted"), before.Number("accepted")).ShouldBe((30, 0, 0));
        after.Number("drafted").ShouldBeGreaterThan(0);
        after.Number("accepted").ShouldBe(30 - after.Number("passes"));
    }

    [Fact]
    public async Task The_card_counts_guesses_where_there_are_some()
    {
        (await Brick.Run(Brick.Story)).Error.ShouldNotContain("drafted");
        (await Brick.Run([.. Brick.Story, "--draft", "stories260k", "--draft-tokens", "7"])).Error.ShouldContain("accepted 6 of 6 drafted, 4.00 tokens per pass");
    }
}
