using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

/// <summary><c>brick replay</c>, and the log that <c>brick inspect</c> shows.</summary>
public sealed class ReplayTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_shows_how_it_was_made_and_is_made_again()
    {
        var (half, small, again) = (_folder.File("half.gguf"), _folder.File("small.gguf"), _folder.File("again.gguf"));
        (await Brick.Run("convert", Brick.Stories, half, "--to", "f16", "--quiet")).Code.ShouldBe(0);
        (await Brick.Run("quantize", half, small, "--to", "q8_0", "--quiet")).Code.ShouldBe(0);

        var log = (await Brick.Run("inspect", "-m", small, "--json")).Json().GetProperty("log").EnumerateArray().ToList();
        var lines = (await Brick.Run("inspect", "-m", small, "--log", "--quiet")).Result;
        var card = (await Brick.Run("inspect", "-m", small)).Error;

        log.Select(operation => operation.Text("operation")).ShouldBe(["convert", "quantize"]);
        log[1].GetProperty("arguments").Text("type").ShouldBe("q8_0");
        log[1].GetProperty("inputs")[0].Text("hash").ShouldBe(log[0].Text("output"));
        card.ShouldContain("made by");
        File.Delete(half);
        var json = (await Brick.Run("replay", _folder.Write("small.log", lines), again, "--json")).Json();
        json.ShouldHave("operations", "hash", "same");
        json.Number("operations").ShouldBe(2);
        json.GetProperty("same").GetBoolean().ShouldBeTrue();
        File.ReadAllBytes(again).ShouldBe(File.ReadAllBytes(small));
    }

    [Fact]
    public async Task Other_bytes_than_the_log_tells_of_are_told_by_the_exit_code()
    {
        var small = _folder.File("small.gguf");
        (await Brick.Run("quantize", Brick.Stories, small, "--to", "q8_0", "--quiet")).Code.ShouldBe(0);
        var lines = (await Brick.Run("inspect", "-m", small, "--log", "--quiet")).Result;
        var other = _folder.Write("other.log", lines.Replace("q8_0", "q4_0", StringComparison.Ordinal));

        var outcome = await Brick.Run("replay", other, _folder.File("again.gguf"), "--json", "--quiet");

        outcome.Code.ShouldBe(1);
        outcome.Document().GetProperty("same").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_brick_shows_what_it_is_and_its_log()
    {
        var brick = _folder.File("poet.brick");
        using (var model = LanguageModel.Load(Brick.Stories))
            new NewLora { Id = "poet", Targets = new("layers.*.attention.query"), Rank = 2, Seed = 9 }.Make(model).Save(brick);
        (await Brick.Run("convert-brick", brick, _folder.File("poet.gguf"), "-m", Brick.Stories, "--quiet")).Code.ShouldBe(0);

        var json = (await Brick.Run("inspect", "-m", brick, "--json")).Json();
        var adapter = (await Brick.Run("inspect", "-m", _folder.File("poet.gguf"), "--json")).Json();

        json.ShouldHave("id", "kind", "parameters", "slots", "parent", "content", "log");
        json.Text("id").ShouldBe("poet");
        json.GetProperty("log")[0].GetProperty("arguments").Text("seed").ShouldBe("9");
        adapter.GetProperty("log").EnumerateArray().Select(operation => operation.Text("operation")).ShouldBe(["new", "convert-brick"]);
        (await Brick.Run("inspect", "-m", brick, "--slots")).ShouldBeRefused(2, "--slots");
    }

    [Fact]
    public async Task A_stack_shows_its_model_and_its_bricks()
    {
        var (brick, stack) = (_folder.File("poet.brick"), _folder.File("stack.brick"));
        using (var model = LanguageModel.Load(Brick.Stories))
            new NewLora { Id = "poet", Targets = new("layers.*.attention.query"), Rank = 2, Seed = 9 }.Make(model).Save(brick);
        (await Brick.Run("plug", brick + ":0.5", "-m", Brick.Stories, "--out", stack, "--quiet")).Code.ShouldBe(0);

        var log = (await Brick.Run("inspect", "-m", stack, "--json")).Json().GetProperty("log").EnumerateArray().Last();
        var lines = (await Brick.Run("inspect", "-m", stack, "--log", "--quiet")).Result;

        log.Text("operation").ShouldBe("stack");
        log.GetProperty("arguments").Text("strengths").ShouldBe("0.5");
        log.GetProperty("inputs")[0].Text("hash").Length.ShouldBe(64);
        lines.ShouldContain("poet.brick");
        lines.ShouldContain(log.GetProperty("inputs")[0].Text("hash"));
        var card = (await Brick.Run("inspect", "-m", stack)).Error;
        card.ShouldContain("strengths 0.5");
        card.ShouldNotContain(log.GetProperty("inputs")[0].Text("hash")[..8], Case.Sensitive, "nobody asked for the hash of the whole model");
        (await Brick.Run("replay", stack, _folder.File("again.brick"))).ShouldBeRefused(3, "stack", "nothing to make again");
    }

    [Fact]
    public async Task Gates_and_fusions_are_trained_again()
    {
        var (bricks, text) = (_folder.File("bricks"), _folder.Write("text.txt", "Once upon a time there was a cat.\n\nThe cat was happy."));
        Directory.CreateDirectory(bricks);
        using (var model = LanguageModel.Load(Brick.Stories))
            foreach (var (id, seed) in ((string, ulong)[])[("poet", 1), ("prose", 2)])
                new NewLora { Id = id, Targets = new("layers.*.attention.query"), Rank = 2, Seed = seed }.Make(model).Save(Path.Combine(bricks, id + ".brick"));
        string[] route = ["route", bricks, "-m", Brick.Stories, "--steps", "2", "--quiet"];
        (await Brick.Run([.. route, "--router", "gates", "--examples", "poet=" + text, "--examples", "prose=" + text, "--out", _folder.File("gated")])).Code.ShouldBe(0);
        (await Brick.Run([.. route, "--router", "fuse", "--examples", text, "--limit", "1", "--out", _folder.File("both.brick")])).Code.ShouldBe(0);

        foreach (var trained in (string[])[_folder.File("gated", "prose.brick"), _folder.File("both.brick")])
        {
            var outcome = await Brick.Run("replay", trained, _folder.File("again.brick"), "--from", _folder.Path, "--json", "--force");
            outcome.Json().GetProperty("same").GetBoolean().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_refused()
    {
        var (small, again) = (_folder.File("small.gguf"), _folder.File("again.gguf"));
        PicoModel.Save(PicoModel.LlamaCheckpoint(), _folder.File("pico.gguf"));
        (await Brick.Run("convert", _folder.File("pico.gguf"), small, "--quiet")).Code.ShouldBe(0);
        File.Delete(_folder.File("pico.gguf"));

        (await Brick.Run("replay", small, again, "--json")).ShouldBeRefused(3, "pico.gguf", "--from").ShouldSayItInJson();
        (await Brick.Run("replay", small, small)).ShouldBeRefused(2, "--force");
        (await Brick.Run("replay", small, again, "--from", _folder.File("nowhere"))).ShouldBeRefused(2, "--from");
        (await Brick.Run("replay", _folder.File("nowhere.log"), again)).ShouldBeRefused(3, "nowhere.log");
        (await Brick.Run("replay", _folder.Write("text.log", "once upon a time"), again)).ShouldBeRefused(3, "text.log");
        File.Exists(again).ShouldBeFalse();
    }
}
