namespace Brickwork.Cli.Tests.Verbs;

public sealed class BenchTests
{
    [Fact]
    public async Task The_document_has_the_fields_of_the_contract()
    {
        var json = (await Brick.Run("bench", "--prompt", "8", "--generate", "4", "--batch", "1,2", "--repeat", "1", "--threads", "1", "--json")).Json();

        json.ShouldHave("prefill", "decode", "batch", "machine", "loadMs", "peakBytes");
        json.GetProperty("prefill")[0].ShouldHave("threads", "tokensPerSecond", "shareOfPeak");
        json.GetProperty("decode")[0].ShouldHave("threads", "tokensPerSecond", "shareOfBandwidth");
        json.GetProperty("batch")[0].ShouldHave("threads", "sequences", "tokensPerSecond");
        json.GetProperty("machine").ShouldHave("cpu", "isa", "readGBs", "gflops", "share");
        json.GetProperty("batch")[0].Number("sequences").ShouldBe(2);
    }
}
