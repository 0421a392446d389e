using System.CommandLine;
using System.Text.Json;
using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

public sealed class RouteTests : IDisposable
{
    static readonly string[] Logits = ["logits", "--tokens", "1,403,407,261,378", "-m", Brick.Stories, "--kv", "f32", "--json"];

    readonly TemporaryFolder _folder = new();
    readonly string _bricks;

    public RouteTests()
    {
        _bricks = _folder.File("bricks");
        Directory.CreateDirectory(_bricks);
        Save("prose", 2);
        Save("poet", 1);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_route_through_a_folder_of_bricks_says_something_of_its_own()
    {
        var stacked = await Nll("--bricks", _bricks);

        stacked.ShouldBe(await Nll("--plug", Path.Combine(_bricks, "poet.brick"), "--plug", Path.Combine(_bricks, "prose.brick")));
        double[] all =
        [
            await Nll(), stacked, await Nll("--bricks", _bricks, "--route", "average"), await Nll("--bricks", _bricks, "--route", "factors"),
            await Nll("--bricks", _bricks, "--route", "split:at=2"), await Nll("--bricks", _bricks, "--route", "arrow:top=1"), await Nll("--bricks", _bricks, "--route", "arrow:top=2,temperature=3"),
            await Nll("--bricks", _bricks, "--route", "arrow:general=prose"),
        ];
        all.Distinct().Count().ShouldBe(all.Length, string.Join(" ", all));
    }

    [Fact]
    public async Task A_stack_holds_every_brick_of_a_folder()
    {
        var stack = _folder.File("all.brick");

        (await Brick.Run("plug", "--bricks", _bricks, "-m", Brick.Stories, "--out", stack, "--json")).Json().GetProperty("bricks").GetArrayLength().ShouldBe(2);

        (await Brick.Run([.. Logits.Where(argument => argument is not ("-m" or Brick.Stories)), "-m", stack])).Json().Number("nll").ShouldBe(await Nll("--bricks", _bricks));
    }

    [Fact]
    public async Task An_average_is_each_brick_at_its_share()
    {
        var (poet, prose) = (Path.Combine(_bricks, "poet.brick"), Path.Combine(_bricks, "prose.brick"));

        (await Nll("--bricks", _bricks, "--route", "average")).ShouldBe(await Nll("--plug", poet + ":0.5", "--plug", prose + ":0.5"));
    }

    [Fact]
    public async Task Parallel_gives_the_answer_that_each_brick_gives_by_itself()
    {
        string[] ask = ["ask", "Once upon a time", "-n", "6", "--temperature", "0", "-m", Brick.Stories, "--json"];

        var answers = (await Brick.Run([.. ask, "--bricks", _bricks, "--route", "parallel"])).Json().GetProperty("answers");

        answers.GetArrayLength().ShouldBe(2);
        foreach (var answer in answers.EnumerateArray())
            answer.Text("text").ShouldBe((await Brick.Run([.. ask, "--plug", Path.Combine(_bricks, answer.Text("brick") + ".brick")])).Json().Text("text"));
        (await Brick.Run(["ask", "Once upon a time", "-n", "6", "-m", Brick.Stories, "--bricks", _bricks, "--route", "parallel"])).Result.ShouldContain("[prose]");
    }

    [Fact]
    public async Task Parallel_answers_that_are_cancelled_are_one_document_all_the_same()
    {
        using var result = new StringWriter();
        var ask = CommandLine.Root().Parse(["ask", "Once upon a time", "-m", Brick.Stories, "--bricks", _bricks, "--route", "parallel", "--json"]);

        var code = await ask.InvokeAsync(new InvocationConfiguration { Output = result, Error = TextWriter.Null }, new CancellationToken(canceled: true));

        code.ShouldBe(130);
        using var document = JsonDocument.Parse(result.ToString());
        document.RootElement.GetProperty("answers").EnumerateArray().Single().Text("finish").ShouldBe("cancel");
    }

    [Fact]
    public async Task A_retrieval_file_is_made_measured_and_used_to_answer()
    {
        var index = _folder.File("index");
        var (tales, code) = (Text("tales.txt", "Once upon a time there was a girl.\n\nThe dog ran to the park and played."), Text("code.txt", "int Main() { return 0; }\n\nfor (i = 0; i < 9; i++) { }"));
        string[] route = ["route", _bricks, "--router", "retrieve:use=select", "-m", Brick.Stories, "--examples", "poet=" + tales, "--examples", "prose=" + code, "--corpus", tales, "--out", index, "--json"];

        var json = (await Brick.Run(route)).Json();

        json.ShouldHave("router", "activeFraction", "perplexity", "densePerplexity", "bricks");
        json.Number("activeFraction").ShouldBe(0.5);
        (await Brick.Run(route)).ShouldBeRefused(2, "exists");
        string[] ask = ["ask", "Then the girl saw the dog.", "-n", "6", "--temperature", "0", "-m", Brick.Stories, "--json"];
        (await Brick.Run([.. ask, "--bricks", _bricks, "--route", $"retrieve:file={index},use=select"])).Json().Text("text")
            .ShouldBe((await Brick.Run([.. ask, "--plug", Path.Combine(_bricks, "poet.brick")])).Json().Text("text"));
        (await Brick.Run([.. Logits, "--bricks", _bricks, "--route", $"retrieve:file={index}"])).ShouldBeRefused(2, "prompt");
    }

    [Fact]
    public async Task Gates_fusions_and_searched_weights_are_made_by_one_command_and_work_from_their_files()
    {
        var (text, gated, fusion, hub) = (Text("text.txt", "Once upon a time there was a girl named Lily. She liked to play in the park."), _folder.File("gated"), _folder.File("fusion.brick"), _folder.File("hub.brick"));
        string[] common = ["-m", Brick.Stories, "--steps", "2", "--corpus", text, "--json"];

        (await Brick.Run(["route", _bricks, "--router", "gates", "--examples", "poet=" + text, "--examples", "prose=" + text, "--out", gated, .. common])).Json().ShouldHave("perplexity");
        (await Brick.Run(["route", _bricks, "--router", "fuse", "--examples", text, "--out", fusion, .. common])).Json().ShouldHave("perplexity");
        var found = (await Brick.Run(["route", _bricks, "--router", "lorahub", "--examples", text, "--out", hub, .. common])).Json();

        found.GetProperty("bricks")[0].ShouldHave("id", "weight");
        double[] all = [await Nll(), await Nll("--bricks", gated, "--route", "gates:top=1"), await Nll("--bricks", _bricks, "--route", "fuse:file=" + fusion)];
        all.Distinct().Count().ShouldBe(3);
        (await Nll("--plug", hub)).ShouldBeGreaterThan(0);
        (await SumIn(hub)).ShouldBe("Products");
        (await Brick.Run(["route", _bricks, "--router", "lorahub:sum=factors", "--examples", text, "--out", hub, "--force", .. common])).Code.ShouldBe(0);
        (await SumIn(hub)).ShouldBe("Factors");

        static async Task<string?> SumIn(string brick) =>
            (await Brick.Run("inspect", "-m", brick, "--json")).Json().GetProperty("log").EnumerateArray().Last().GetProperty("arguments").Text("of");
    }

    [Fact]
    public async Task Paths_that_hold_commas_are_written_as_they_are_and_named_between_quotation_marks()
    {
        var (text, fusion) = (Text("text.txt", "Once upon a time there was a girl named Lily."), _folder.File("two, or more.brick"));

        (await Brick.Run("route", _bricks, "--router", "fuse", "--examples", text, "--out", fusion, "-m", Brick.Stories, "--steps", "1", "--corpus", text, "--json")).Json().ShouldHave("perplexity");

        (await Nll("--bricks", _bricks, "--route", $"fuse:file=\"{fusion}\"")).ShouldNotBe(await Nll("--bricks", _bricks));
        (await Refusal("--bricks", _bricks, "--route", $"fuse:file={fusion}")).ShouldBeRefused(2, "' or more.brick'", "quotation marks");
        (await Refusal("--bricks", _bricks, "--route", $"fuse:file=\"{fusion}")).ShouldBeRefused(2, "two, or more.brick", "quotation marks");
        (await Brick.Run("route", _bricks, "--router", "fuse:file=other.brick", "--examples", text, "--out", _folder.File("f.brick"), "-m", Brick.Stories)).ShouldBeRefused(2, "each key once");
    }

    [Fact]
    public async Task A_brick_that_no_route_takes_is_put_below_it_as_the_refusal_says()
    {
        var (ia3, stack) = (_folder.File("ia3.brick"), _folder.File("base.brick"));
        using (var model = LanguageModel.Load(Brick.Stories))
            new NewIa3 { Id = "ia3", Targets = new("layers.*.feedForward.down") }.Make(model).Save(ia3);

        (await Refusal("--plug", ia3, "--bricks", _bricks, "--route", "arrow")).ShouldBeRefused(3, "'layers.0.feedForward.down'", "brick plug --plug BRICK -m MODEL --out BASE.brick");
        (await Refusal("--plug", ia3, "--bricks", _bricks, "--route", "factors")).ShouldBeRefused(3, "Ia3", "-m BASE.brick");
        (await Brick.Run("plug", "--plug", ia3, "-m", Brick.Stories, "--out", stack)).Code.ShouldBe(0);
        (await Brick.Run([.. Logits.Where(argument => argument is not ("-m" or Brick.Stories)), "-m", stack, "--bricks", _bricks, "--route", "arrow"])).Json().Number("nll")
            .ShouldBe(await Nll("--bricks", _bricks, "--route", "arrow"), "its factors are 1 yet");
    }

    [Fact]
    public async Task Clusters_group_bricks_by_their_values()
    {
        Save("poet2", 1);

        var groups = (await Brick.Run("route", _bricks, "--router", "clusters", "--clusters", "2", "-m", Brick.Stories, "--json")).Json().GetProperty("groups");

        groups[0].EnumerateArray().Select(id => id.GetString()).ShouldBe(["poet", "poet2"]);
        groups[1].EnumerateArray().Select(id => id.GetString()).ShouldBe(["prose"]);
    }

    [Fact]
    public async Task A_brick_of_another_model_is_refused_among_others_too()
    {
        var few = Text("few.txt", "Once upon a time there was a girl named Lily.");
        Brickwork.Brick.Open(Path.Combine(_bricks, "poet.brick")).Describe(manifest => manifest with { Id = "stranger", Parent = "0123456789abcdef" }).Save(Path.Combine(_bricks, "stranger.brick"));
        string[] search = ["route", _bricks, "-m", Brick.Stories, "--router", "lorahub", "--examples", few, "--steps", "1", "--quiet"];

        foreach (var route in (string[])["average", "factors", "arrow:top=1", "arrow:general=stranger"])
            (await Refusal("--bricks", _bricks, "--route", route)).ShouldBeRefused(3, "'stranger'", "--any-parent");
        (await Brick.Run(search)).ShouldBeRefused(3, "'stranger'", "--any-parent");
        (await Brick.Run([.. search, "--any-parent"])).Code.ShouldBe(0);
        (await Nll("--bricks", _bricks, "--route", "factors", "--any-parent")).ShouldNotBe(await Nll());
        foreach (var (router, target) in ((string, string)[])[("gates", "gated"), ("fuse", "fusion.brick")])
        {
            string[] learn = ["route", _bricks, "-m", Brick.Stories, "--router", router, "--out", _folder.File(target), "--steps", "1", "--quiet",
                .. router == "fuse" ? ["--examples", few] : ((string[])["poet", "prose", "stranger"]).SelectMany(id => (string[])["--examples", $"{id}={few}"])];
            (await Brick.Run(learn)).ShouldBeRefused(3, "'stranger'", "--any-parent");
            (await Brick.Run([.. learn, "--any-parent"])).Code.ShouldBe(0, router);
        }
    }

    [Fact]
    public async Task Two_bricks_of_one_name_are_refused_with_both_files()
    {
        File.Copy(Path.Combine(_bricks, "poet.brick"), Path.Combine(_bricks, "twin.brick"));
        var text = Text("text.txt", "Once upon a time.");

        (await Brick.Run("route", _bricks, "-m", Brick.Stories, "--router", "gates", "--examples", "poet=" + text, "--examples", "prose=" + text, "--out", _folder.File("g")))
            .ShouldBeRefused(3, "Two bricks are named 'poet'", "poet.brick", "twin.brick");
    }

    [Fact]
    public async Task What_makes_no_route_is_refused()
    {
        var empty = _folder.File("empty");
        Directory.CreateDirectory(empty);
        string[] route = ["route", _bricks, "-m", Brick.Stories, "--router"];

        (await Refusal("--route", "arrow")).ShouldBeRefused(2, "without bricks");
        (await Refusal("--bricks", "nowhere")).ShouldBeRefused(3, "nowhere");
        (await Refusal("--bricks", empty)).ShouldBeRefused(3, "no bricks");
        (await Refusal("--bricks", _bricks, "--route", "compass")).ShouldBeRefused(2, "'compass'", "arrow");
        (await Refusal("--bricks", _bricks, "--route", "arrow:speed=3")).ShouldBeRefused(2, "'speed'");
        (await Refusal("--bricks", _bricks, "--route", "arrow:top=many")).ShouldBeRefused(2, "'many'");
        (await Refusal("--bricks", _bricks, "--route", "arrow:top=0")).ShouldBeRefused(3, "at least 1");
        (await Refusal("--bricks", _bricks, "--route", "arrow:general=nobody")).ShouldBeRefused(2, "'nobody'");
        (await Refusal("--bricks", _bricks, "--route", "split:at=9+4")).ShouldBeRefused(2, "ascending");
        (await Refusal("--bricks", _bricks, "--route", "split:at=4+9")).ShouldBeRefused(2, "3 bricks");
        (await Refusal("--bricks", _bricks, "--route", "gates")).ShouldBeRefused(3, "no gate", "--router gates --examples ID=");
        (await Refusal("--bricks", _bricks, "--route", "parallel")).ShouldBeRefused(2, "brick ask");
        (await Refusal("--bricks", _bricks, "--route", "fuse:file=nowhere.brick")).ShouldBeRefused(3, "nowhere.brick", "--router fuse --examples ");
        (await Refusal("--bricks", _bricks, "--route", "fuse:file=" + Path.Combine(_bricks, "poet.brick"))).ShouldBeRefused(3, "expected a fusion", "--router fuse --examples ");
        (await Brick.Run([.. route, "retrieve:file=nowhere", "--corpus", Text("b.txt", "A text.")])).ShouldBeRefused(3, "nowhere", "--router retrieve --examples ID=");
        (await Brick.Run([.. route, "retrieve:file=" + Path.Combine(_bricks, "poet.brick"), "--corpus", Text("b.txt", "A text.")])).ShouldBeRefused(3, "no entries", "--router retrieve --examples ID=");
        (await Refusal("--plug", Path.Combine(_bricks, "poet.brick") + ":0.5", "--route", "arrow")).ShouldBeRefused(2, "strength");
        (await Brick.Run([.. route, "gates", "--examples", Text("a.txt", "A text."), "--out", _folder.File("g")])).ShouldBeRefused(2, "'poet'");
        (await Brick.Run([.. route, "lorahub"])).ShouldBeRefused(2, "--examples");
        (await Brick.Run([.. route, "arrow", "--gate", "perplexity<9"])).ShouldBeRefused(2, "--corpus");
        (await Brick.Run([.. route, "clusters"])).ShouldBeRefused(3, "10 groups");
    }

    static Task<Outcome> Refusal(params string[] more) => Brick.Run(["logits", "--tokens", "1,403,407", "-m", Brick.Stories, .. more]);

    static async Task<double> Nll(params string[] more) => (await Brick.Run([.. Logits, .. more])).Json().Number("nll");

    string Text(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    void Save(string id, int seed)
    {
        using var model = LanguageModel.Load(Brick.Stories);
        var start = new NewLora { Id = id, Targets = new("layers.*.attention.{query,value}"), Rank = 4, Alpha = 6, Seed = (ulong)seed }.Make(model);
        using var trainable = model.TrainBrick(start);
        // Not zero any more, as if it were trained.
        var random = new Random(seed);
        foreach (var parameter in trainable.Parameters)
            foreach (ref var value in parameter.Value.Floats)
                value += (random.NextSingle() - 0.5f) * 0.3f;
        trainable.Model.TakeBrick(start).Save(Path.Combine(_bricks, id + ".brick"));
    }
}
