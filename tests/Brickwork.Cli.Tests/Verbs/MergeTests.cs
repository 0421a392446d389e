using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

public sealed class MergeTests : IDisposable
{
    const string Recipe = "merge_method: ties\nbase_model: base.gguf\nparameters: {weight: 1, density: 0.5}\nmodels: [{model: a.gguf}, {model: b.gguf}]\n";

    readonly TemporaryFolder _folder = new();
    readonly string _recipe;

    public MergeTests()
    {
        _recipe = _folder.Write("recipe.yml", Recipe);
        foreach (var (name, seed) in ((string, int)[])[("a", 1), ("b", 2), ("base", 3)])
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File(name + ".gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plan_is_told_with_its_conflicts_and_nothing_is_written()
    {
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();

        var json = (await Brick.Run("merge", _recipe, _folder.File("out.gguf"), "--plan-only", "--json")).Json();

        json.ShouldHave("tensors", "methods", "peakBytes", "writes", "conflicts");
        json.GetProperty("methods").Number("ties").ShouldBe(json.Number("tensors"));
        json.GetProperty("conflicts").GetArrayLength().ShouldBe((int)json.Number("tensors"));
        Directory.GetFileSystemEntries(_folder.Path).Order().ToArray().ShouldBe(before);
    }

    [Fact]
    public async Task A_merge_writes_a_model_that_runs()
    {
        var target = _folder.File("out.gguf");

        (await Brick.Run("merge", _recipe, target, "--json")).Json().ShouldHave("tensors", "methods", "peakBytes", "writes", "conflicts");

        (await Brick.Run("logits", "--tokens", "1,2,3", "-m", target, "--json")).Json().Number("tokens").ShouldBe(3);
        (await Brick.Run("merge", _recipe, target)).ShouldBeRefused(2, target, "--force");
        (await Brick.Run("merge", _recipe, target, "--force", "--dialect", "peft", "--quiet")).Code.ShouldBe(0);
        var told = (await Brick.Run("merge", _recipe, target, "--force", "--conflicts", "--json")).Json();
        told.GetProperty("conflicts").GetArrayLength().ShouldBe((int)told.Number("tensors"));
    }

    [Fact]
    public async Task A_setting_that_only_other_methods_read_is_a_warning()
    {
        var recipe = _folder.Write("slerp.yml", "merge_method: slerp\nbase_model: a.gguf\nparameters: {t: 0.5}\nmodels: [a.gguf, {model: b.gguf, parameters: {weight: 0.4}}]\n");

        var told = await Brick.Run("merge", recipe, _folder.File("out.gguf"));

        told.Code.ShouldBe(0, told.Error);
        told.Error.ShouldContain("warning  'weight' in the parameters of b.gguf is not read by slerp and changes nothing.");
    }

    [Fact]
    public async Task Defects_are_copied_and_files_are_split_where_that_is_asked_for()
    {
        var small = _folder.Write("small.yml", Recipe.Replace("0.5", "0.001", StringComparison.Ordinal));

        (await Brick.Run("merge", small, _folder.File("strict.gguf"), "--strict-compat")).ShouldBeRefused(3, "blk.0.attn_norm.weight", "density 0.001 of 32 values");
        File.Exists(_folder.File("strict.gguf")).ShouldBeFalse();
        (await Brick.Run("merge", small, _folder.File("ours"), "--dialect", "paper", "--split", "40000", "--quiet")).Code.ShouldBe(0);
        Directory.GetFiles(_folder.File("ours"), "model-*-of-*.safetensors").Length.ShouldBeGreaterThan(1);
        File.Exists(_folder.File("ours", "model.safetensors.index.json")).ShouldBeTrue();
        (await Brick.Run("logits", "--tokens", "1,2,3", "-m", _folder.File("ours"), "--json")).Json().Number("tokens").ShouldBe(3);
    }

    [Fact]
    public async Task Faults_of_a_recipe_are_bad_input_and_a_missing_output_is_wrong_usage()
    {
        var faulty = _folder.Write("faulty.yml", Recipe.Replace("ties", "tise", StringComparison.Ordinal));

        (await Brick.Run("merge", faulty, _folder.File("out.gguf"), "--json")).ShouldBeRefused(3, "tise", "docs/merging.md").ShouldSayItInJson();
        (await Brick.Run("merge", _recipe, "--json")).ShouldBeRefused(2, "--plan-only").ShouldSayItInJson();
        File.Exists(_folder.File("out.gguf")).ShouldBeFalse();
    }
}
