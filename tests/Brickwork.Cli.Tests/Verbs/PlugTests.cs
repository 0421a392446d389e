using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

public sealed class PlugTests : IDisposable
{
    static readonly string[] Logits = ["logits", "--tokens", "1,403,407,261,378", "--kv", "f32", "--json"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stack_says_what_its_bricks_say_and_unplugging_gives_the_model_back()
    {
        var (brick, stack) = (Save("poet", 1), _folder.File("poetic.brick"));
        var plain = await Nll();
        var plugged = await Nll("--plug", brick + ":0.5");

        (await Brick.Run("plug", brick + ":0.5", "--out", stack, "--json")).Json().GetProperty("bricks")[0].Text("id").ShouldBe("poet");

        plugged.ShouldNotBe(plain);
        (await Nll("-m", stack)).ShouldBe(plugged);
        var list = (await Brick.Run("plug", "--list", "-m", stack, "--json")).Json().GetProperty("bricks");
        list[0].Number("strength").ShouldBe(0.5);
        list[0].GetProperty("slots").GetArrayLength().ShouldBeGreaterThan(0);
        (await Brick.Run("unplug", "poet", "-m", stack, "--out", _folder.File("empty.brick"), "--json")).Json().GetProperty("bricks").GetArrayLength().ShouldBe(0);
        (await Nll("-m", _folder.File("empty.brick"))).ShouldBe(plain);
    }

    [Fact]
    public async Task Several_bricks_add_up_and_strength_zero_is_nothing()
    {
        var (poet, prose) = (Save("poet", 1), Save("prose", 2));

        (await Nll("--plug", poet + ":0", "--plug", prose + ":0")).ShouldBe(await Nll());
        (await Nll("--plug", poet, "--plug", prose)).ShouldNotBe(await Nll("--plug", poet));
    }

    [Fact]
    public async Task Bricks_and_adapters_are_told_from_models()
    {
        var (brick, peft) = (Save("poet", 1), _folder.File("peft"));
        (await Brick.Run("convert-brick", brick, peft, "--quiet")).Code.ShouldBe(0);

        (await Brick.Run("ask", "hi", "-m", brick)).ShouldBeRefused(3, "is the brick 'poet', not a model", "--plug");
        (await Brick.Run("inspect", "-m", peft)).ShouldBeRefused(3, "is a PEFT adapter, not a model", "--plug");
    }

    [Fact]
    public async Task A_stack_does_not_take_the_place_of_its_own_brick()
    {
        var brick = Save("poet", 1);
        var before = File.ReadAllBytes(brick);

        (await Brick.Run("plug", brick, "--out", brick, "--force")).ShouldBeRefused(2, "a brick of the stack itself");
        (await Brick.Run("plug", brick, "--into-weights")).ShouldBeRefused(2, "--out MODEL.gguf");

        File.ReadAllBytes(brick).ShouldBe(before);
    }

    [Fact]
    public async Task A_brick_in_the_weights_says_what_the_plugged_one_says_and_can_be_taken_out()
    {
        var (brick, with, without) = (Save("poet", 1), _folder.File("with.gguf"), _folder.File("without.gguf"));

        (await Brick.Run("plug", brick, "--into-weights", "--out", with, "--json")).Json().ShouldHave("bricks");
        (await Brick.Run("unplug", brick, "--from-weights", "-m", with, "--out", without, "--json")).Json().ShouldHave("bricks");

        // The default model's weights are BF16, and so are these with the brick among them.
        var (plain, plugged) = (await Nll("--exact"), await Nll("--plug", brick, "--exact"));
        Math.Abs(plugged - plain).ShouldBeGreaterThan(0.1);
        (await Nll("-m", with, "--exact")).ShouldBe(plugged, 0.01, "one rounding to 8 bits");
        (await Nll("-m", without, "--exact")).ShouldBe(plain, 0.02, "two roundings to 8 bits");
    }

    [Fact]
    public async Task A_stack_over_another_parent_is_opened_where_that_is_allowed()
    {
        var (brick, prose, with, stack) = (Save("poet", 1), Save("prose", 2), _folder.File("with.gguf"), _folder.File("stack.brick"));
        (await Brick.Run("plug", prose, "--into-weights", "--out", with, "--quiet")).Code.ShouldBe(0);
        (await Brick.Run("plug", brick, "-m", with, "--any-parent", "--out", stack, "--quiet")).Code.ShouldBe(0);

        (await Nll("-m", stack, "--any-parent")).ShouldBe(await Nll("-m", with, "--plug", brick, "--any-parent"));
        (await Brick.Run([.. Logits, "-m", stack])).ShouldBeRefused(3, "made for the model", "--any-parent");
        (await Brick.Run("inspect", "-m", stack, "--any-parent", "--json")).Json().GetProperty("bricks").GetArrayLength().ShouldBe(1);
        (await Brick.Run("inspect", "-m", stack, "--log", "--quiet")).Result.ShouldContain("poet.brick");
    }

    [Fact]
    public async Task Weights_do_not_change_below_a_stack_nor_by_another_strength()
    {
        var (poet, prose, with, stack, output) = (Save("poet", 1), Save("prose", 2), _folder.File("with.gguf"), _folder.File("stack.brick"), _folder.File("out.gguf"));
        (await Brick.Run("plug", poet, "--out", stack, "--quiet")).Code.ShouldBe(0);
        (await Brick.Run("plug", poet + ":0.5", "--into-weights", "--out", with, "--quiet")).Code.ShouldBe(0);

        (await Brick.Run("plug", prose, "-m", stack, "--into-weights", "--out", output)).ShouldBeRefused(3, "'poet'", "and not its stack");
        (await Brick.Run("unplug", poet, "-m", with, "--from-weights", "--out", output)).ShouldBeRefused(3, "at 0.5", "BRICK:0.5");
        File.Exists(output).ShouldBeFalse();
        (await Brick.Run("unplug", poet + ":0.5", "-m", with, "--from-weights", "--out", output, "--quiet")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Converting_a_brick_tells_its_kind_its_rank_and_the_error()
    {
        var brick = Save("poet", 1);
        foreach (var target in (string[])[_folder.File("poet.gguf"), _folder.File("peft"), _folder.File("copy.brick")])
        {
            var json = (await Brick.Run("convert-brick", brick, target, "--json")).Json();
            json.ShouldHave("kind", "rank", "maxAbsError");
            json.Text("kind").ShouldBe("lora");
            json.Number("rank").ShouldBe(4);
            json.Number("maxAbsError").ShouldBeLessThan(1e-6);
        }
        (await Nll("--plug", _folder.File("peft"))).ShouldBe(await Nll("--plug", brick), 1e-5, "the rows went there and back");
    }

    [Fact]
    public async Task Converting_a_brick_gives_it_terms_and_leaves_its_tensors()
    {
        var (brick, licensed) = (Save("poet", 1), _folder.File("licensed.brick"));

        (await Brick.Run("convert-brick", brick, licensed, "--licence", "MIT", "--json")).Json().Number("maxAbsError").ShouldBe(0);
        (await Brick.Run("convert-brick", brick, brick, "--licence", "MIT", "--force", "--json")).Json().Number("maxAbsError").ShouldBe(0);

        foreach (var path in (string[])[licensed, brick])
        {
            var json = (await Brick.Run("inspect", "-m", path, "--json")).Json();
            json.Text("licence").ShouldBe("MIT");
            json.GetProperty("log").EnumerateArray().Last().GetProperty("arguments").Text("licence").ShouldBe("MIT");
        }
        (await Brick.Run("convert-brick", licensed, _folder.File("none.brick"), "--licence", " ")).ShouldBeRefused(2, "--licence");
        (await Brick.Run("convert-brick", licensed, _folder.File("other"), "-m", Brick.Stories)).ShouldBeRefused(3, "made for the model", "--any-parent");
        Directory.Exists(_folder.File("other")).ShouldBeFalse();
    }

    [Fact]
    public async Task Converting_a_brick_over_weights_in_four_bits_warns_of_what_is_lost()
    {
        var brick = _folder.File("small.brick");
        using (var model = LanguageModel.Load(Brick.Stories))
            new NewQLora { Id = "small", Targets = new("layers.0.attention.query"), Rank = 2 }.Make(model).Save(brick);

        var outcome = await Brick.Run("convert-brick", brick, _folder.File("small.gguf"), "-m", Brick.Stories, "--json");

        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Error.ShouldContain("4 bits");
        outcome.Document().Number("baseShift").ShouldBeGreaterThan(0);
        (await Brick.Run("convert-brick", brick, _folder.File("copy.brick"), "--json")).Json().TryGetProperty("baseShift", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task What_cannot_be_plugged_is_refused()
    {
        var brick = Save("poet", 1);
        File.WriteAllText(_folder.File("broken.brick"), "{\"stack\": 1, \"bricks\": 7}");

        (await Brick.Run("plug")).ShouldBeRefused(2, "No brick");
        (await Brick.Run([.. Logits, "--plug", "nowhere.brick"])).ShouldBeRefused(3, "nowhere.brick");
        (await Brick.Run([.. Logits, "--plug", brick + ":much"])).ShouldBeRefused(2, "'much'");
        (await Brick.Run([.. Logits, "-m", _folder.File("broken.brick")])).ShouldBeRefused(3, "no stack");
        (await Brick.Run("unplug", "poet")).ShouldBeRefused(2, "stack");
        (await Brick.Run("plug", brick, brick)).ShouldBeRefused(3, "already");
        (await Brick.Run("convert-brick", brick, brick)).ShouldBeRefused(2, "exists");
    }

    static async Task<double> Nll(params string[] more) => (await Brick.Run([.. Logits, .. more])).Json().Number("nll");

    string Save(string id, int seed)
    {
        using var model = LanguageModel.Load();
        var start = new NewLora { Id = id, Targets = new("layers.*.attention.{query,value}"), Rank = 4, Alpha = 6, Seed = (ulong)seed }.Make(model);
        using var trainable = model.TrainBrick(start);
        // Not zero any more, as if it were trained.
        var random = new Random(seed);
        foreach (var parameter in trainable.Parameters)
            foreach (ref var value in parameter.Value.Floats)
                value += (random.NextSingle() - 0.5f) * 0.3f;
        var path = _folder.File(id + ".brick");
        trainable.Model.TakeBrick(start).Save(path);
        return path;
    }
}
