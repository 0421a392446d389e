using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

/// <summary>Bricks out of models, bricks of bricks, and mixtures.</summary>
public sealed class ExtractTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public ExtractTests()
    {
        foreach (var (name, seed) in ((string, int)[])[("base", 1), ("tuned", 2), ("other", 3)])
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File(name + ".gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_brick_is_extracted_plugged_and_merged_with_another()
    {
        foreach (var name in (string[])["tuned", "other"])
            (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File(name + ".gguf"), _folder.File(name + ".brick"), "--rank", "4", "--json")).Json().ShouldHave("rank", "error", "left");
        var recipe = _folder.Write("recipe.yml", "merge_method: svd\nparameters: {weight: 0.5, rank: 3}\nbricks: [tuned.brick, other.brick]\nbase_model: base.gguf\n");

        var plan = (await Brick.Run("merge", recipe, "--plan-only", "--json")).Json();
        var json = (await Brick.Run("merge", recipe, _folder.File("both.brick"), "--json")).Json();
        var peft = await Brick.Run("merge", recipe, _folder.File("both"), "--conflicts");

        plan.GetProperty("conflicts").GetArrayLength().ShouldBe((int)plan.Number("tensors"));
        plan.Number("writes").ShouldBe(json.Number("writes"));
        json.Number("rank").ShouldBe(3);
        json.Number("error").ShouldBeGreaterThan(0);
        peft.Code.ShouldBe(0, peft.Error);
        File.Exists(_folder.File("both", "adapter_config.json")).ShouldBeTrue();
        (await Brick.Run("logits", "--tokens", "1,2,3", "-m", _folder.File("base.gguf"), "--plug", _folder.File("both.brick"), "--json")).Json().Number("tokens").ShouldBe(3);
    }

    [Fact]
    public async Task A_brick_is_extracted_under_terms_and_replayed_with_them()
    {
        (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File("tuned.gguf"), _folder.File("task.brick"), "--licence", "MIT", "--quiet")).Code.ShouldBe(0);

        (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File("tuned.gguf"), _folder.File("blank.brick"), "--licence", " ")).ShouldBeRefused(2, "--licence is empty");
        (await Brick.Run("inspect", "-m", _folder.File("task.brick"), "--json")).Json().Text("licence").ShouldBe("MIT");
        (await Brick.Run("replay", _folder.File("task.brick"), _folder.File("again.brick"), "--json")).Json().GetProperty("same").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_successor_that_is_missing_or_holds_no_numbers_is_refused()
    {
        var broken = PicoModel.LlamaCheckpoint(2);
        broken.Open("blk.1.ffn_up.weight").Floats[70] = float.NaN;
        PicoModel.Save(broken, _folder.File("broken.gguf"));

        (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File("nowhere.gguf"), _folder.File("out.brick"))).ShouldBeRefused(3, "nowhere.gguf");
        (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File("broken.gguf"), _folder.File("out.brick"), "--quiet")).ShouldBeRefused(3, "blk.1.ffn_up.weight", "broken.gguf");
        File.Exists(_folder.File("out.brick")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_mixture_is_written_and_runs()
    {
        var recipe = _folder.Write("moe.yml", "base_model: base.gguf\nexperts: [{source_model: tuned.gguf, positive_prompts: [the sea]}, {source_model: other.gguf, positive_prompts: [a road]}]\n");

        (await Brick.Run("merge", recipe, "--plan-only", "--json")).Json().ShouldHave("tensors", "methods", "peakBytes", "writes", "conflicts", "conditions");
        (await Brick.Run("merge", recipe, _folder.File("mixture.gguf"), "--quiet")).Code.ShouldBe(0);

        (await Brick.Run("logits", "--tokens", "1,2,3", "-m", _folder.File("mixture.gguf"), "--json")).Json().Number("tokens").ShouldBe(3);
    }

    [Fact]
    public async Task Prompts_that_are_alike_are_warned_of_and_others_are_not()
    {
        var alike = _folder.Write("alike.yml", "base_model: base.gguf\nexperts: [{source_model: tuned.gguf, positive_prompts: [the sea]}, {source_model: other.gguf, positive_prompts: [the sea]}]\n");
        var apart = _folder.Write("apart.yml", "base_model: base.gguf\ngate_mode: random\nexperts: [tuned.gguf, other.gguf]\n");

        var warned = await Brick.Run("merge", alike, "--plan-only");
        warned.Code.ShouldBe(0);
        warned.Error.ShouldContain("hardly tell them apart");
        (await Brick.Run("merge", apart, "--plan-only")).Error.ShouldNotContain("hardly tell them apart");
    }

    [Theory]
    [InlineData("base.gguf"), InlineData("tuned.gguf")]
    public async Task Values_that_are_no_numbers_are_refused_by_tensor_and_model(string damaged)
    {
        var model = PicoModel.LlamaCheckpoint(damaged == "base.gguf" ? 1 : 2);
        model.Open("blk.1.ffn_up.weight").Row(3)[5] = float.NaN;
        File.Delete(_folder.File(damaged));
        PicoModel.Save(model, _folder.File(damaged));

        (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File("tuned.gguf"), _folder.File("out.brick"), "--json"))
            .ShouldBeRefused(3, "blk.1.ffn_up.weight", damaged, "NaN").ShouldSayItInJson();
        File.Exists(_folder.File("out.brick")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_successor_that_is_missing_or_is_cut_short_is_refused()
    {
        (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File("none.gguf"), _folder.File("out.brick"), "--json")).ShouldBeRefused(3, "none.gguf").ShouldSayItInJson();
        (await Brick.Run("extract", _folder.File("none.gguf"), _folder.File("tuned.gguf"), _folder.File("out.brick"), "--json")).ShouldBeRefused(3, "none.gguf").ShouldSayItInJson();
        _folder.Write("cut.gguf", File.ReadAllBytes(_folder.File("tuned.gguf")).AsSpan(0, 20_000));
        (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File("cut.gguf"), _folder.File("out.brick"), "--json")).ShouldBeRefused(3, "cut.gguf").ShouldSayItInJson();
        File.Exists(_folder.File("out.brick")).ShouldBeFalse();
    }

    [Fact]
    public async Task Faults_are_refused_before_anything_is_written()
    {
        (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File("base.gguf"), _folder.File("out.brick"))).ShouldBeRefused(3, "differs", "brick diff");
        (await Brick.Run("extract", _folder.File("base.gguf"), _folder.File("tuned.gguf"), _folder.File("out.brick"), "--rank", "0")).ShouldBeRefused(2, "--rank", "16");
        var recipe = _folder.Write("fisher.yml", "merge_method: fisher\nmodels: [base.gguf, tuned.gguf]\n");
        (await Brick.Run("merge", recipe, _folder.File("out.gguf"))).ShouldBeRefused(3, "--data", "docs/merging.md");
        (await Brick.Run("merge", recipe, _folder.File("out.gguf"), "--data", _folder.Write("text.txt", "The sea was calm."), "--quiet")).Code.ShouldBe(0);
        File.Exists(_folder.File("out.brick")).ShouldBeFalse();
    }
}
