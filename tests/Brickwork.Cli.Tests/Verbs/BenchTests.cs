namespace Brickwork.Cli.Tests.Verbs;

public sealed class BenchTests
{
    [Fact]
    public async Task The_document_has_the_fields_of_the_contract()
    {
        var json = (await Brick.Run("bench", "--prompt", "8", "--generate", "4", "--batch", "1,2", "--repeat", "1", "--threads", "1", "--json")).Json();

        json.ShouldHave("prefill", "decode", "batch", "machine", "loadMs", "firstTokenMs", "peakBytes");
        json.GetProperty("prefill")[0].ShouldHave("threads", "tokensPerSecond", "shareOfPeak", "peakGops", "share");
        json.GetProperty("decode")[0].ShouldHave("threads", "tokensPerSecond", "shareOfBandwidth", "readGBs", "bytesPerToken", "allocatedPerToken", "share");
        json.GetProperty("batch")[0].ShouldHave("threads", "sequences", "tokensPerSecond");
        json.GetProperty("machine").ShouldHave("cpu", "isa", "readGBs", "readGBsAll", "gflops", "gflopsAll", "share");
        json.GetProperty("batch")[0].Number("sequences").ShouldBe(2);
    }

    [Fact]
    public async Task The_card_has_a_row_for_each_thing_that_was_measured()
    {
        var outcome = await Brick.Run("bench", "--prompt", "8", "--generate", "2", "--batch", "1,3", "--repeat", "1", "--threads", "1,2", "--depth", "4");

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Result.ShouldBeEmpty();
        foreach (var words in (string[])["first token", "read, 1 thread", "read, 2 threads", "write, 1 thread", "write, 2 threads", "write 3 at once", "CPU share"])
            outcome.Error.ShouldContain(words);
    }

    [Fact]
    public async Task A_phase_of_no_tokens_is_left_out()
    {
        var json = (await Brick.Run("bench", "--prompt", "0", "--generate", "2", "--batch", "1", "--repeat", "1", "--threads", "1", "--json")).Json();

        json.GetProperty("prefill").GetArrayLength().ShouldBe(0);
        json.GetProperty("decode").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("--depth", "-1")]
    [InlineData("--repeat", "0")]
    [InlineData("--batch", "0")]
    public async Task Counts_that_make_no_sense_are_refused(string option, string value) =>
        (await Brick.Run("bench", option, value)).ShouldBeRefused(2);
}
