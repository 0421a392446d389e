namespace Brickwork.Cli.Tests.Verbs;

public sealed class InspectTests
{
    [Fact]
    public async Task The_document_has_the_fields_of_the_contract()
    {
        var json = (await Brick.Run("inspect", "-m", Brick.Stories, "--json")).Json();

        json.ShouldHave("family", "parameters", "bytes", "layers", "width", "heads", "kvHeads", "vocabulary", "context", "quantization", "slots", "bricks", "metadata");
        json.Text("family").ShouldBe("llama");
        json.Number("parameters").ShouldBe(260_032);
        json.Number("kvHeads").ShouldBe(4);
        json.GetProperty("quantization").Number("F32").ShouldBe(47);
        json.GetProperty("metadata").Text("general.architecture").ShouldBe("llama");
    }

    [Fact]
    public async Task Slots_list_every_place_a_part_can_stand_in()
    {
        var json = (await Brick.Run("inspect", "--json")).Json();
        var paths = json.GetProperty("slots").EnumerateArray().Select(slot => slot.Text("path")).ToList();

        paths.ShouldContain("layers.4.feedForward");
        var lines = (await Brick.Run("inspect", "--slots", "--quiet")).Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => line.Split(' ')[0]).ShouldBe(paths);
    }

    [Fact]
    public async Task Tensors_and_files_are_listed_when_asked_for()
    {
        var outcome = await Brick.Run("inspect", "--tensors", "--files", "--quiet");

        outcome.Code.ShouldBe(0);
        outcome.Error.ShouldBeEmpty();
        outcome.Result.ShouldContain("blk.4.ffn_down.weight");
        outcome.Result.ShouldContain("llama.context_length");
    }
}
