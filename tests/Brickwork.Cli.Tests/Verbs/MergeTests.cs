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
    public async Task Dialects_and_known_defects_make_other_models_and_files_may_be_several()
    {
        var sphere = _folder.Write("sphere.yml", "merge_method: multislerp\nparameters: {weight: 1}\nmodels: [{model: a.gguf, parameters: {weight: 3}}, b.gguf]\n");
        var mean = _folder.Write("mean.yml", "merge_method: karcher\nmodels: [{model: a.gguf, parameters: {weight: 3}}, b.gguf]\n");
        async Task<string> Merged(string recipe, string output, params string[] flags)
        {
            (await Brick.Run(["merge", recipe, _folder.File(output), "--quiet", .. flags])).Code.ShouldBe(0);
            using var merged = CheckpointFile.Open(File.Exists(_folder.File(output)) ? _folder.File(output) : Directory.GetFiles(_folder.Path, Path.GetFileNameWithoutExtension(output) + "-00001-*")[0]);
            return string.Join(' ', merged.Open("blk.0.ffn_up.weight").Row(0)[..4].ToArray());
        }

        var plain = await Merged(sphere, "plain.gguf");
        (await Merged(sphere, "paper.gguf", "--dialect", "paper")).ShouldNotBe(plain);
        (await Merged(sphere, "mergekit.gguf", "--dialect", "mergekit")).ShouldBe(plain);
        (await Merged(mean, "defects.gguf", "--strict-compat")).ShouldNotBe(await Merged(mean, "mean.gguf"));
        (await Merged(sphere, "parts.gguf", "--split", "50000")).ShouldBe(plain);
        Directory.GetFiles(_folder.Path, "parts-*.gguf").Length.ShouldBeGreaterThan(2);
    }

    [Theory]
    [InlineData("base_model: a.gguf\ngate_mode: random\nexperts: [a.gguf, b.gguf]", "moe.gguf"), InlineData("merge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf, b.gguf]", "model.gguf")]
    public async Task A_plan_says_how_much_is_written_of_the_type_asked_for(string recipe, string output)
    {
        var path = _folder.Write("typed.yml", recipe + "\ndtype: bfloat16\n");

        var planned = (await Brick.Run("merge", path, _folder.File(output), "--plan-only", "--json")).Json().Number("writes");
        var written = (await Brick.Run("merge", path, _folder.File(output), "--json")).Json().Number("writes");

        planned.ShouldBe(written);
        using var merged = CheckpointFile.Open(_folder.File(output));
        merged.Tensors.Sum(tensor => tensor.Bytes).ShouldBe((long)written);
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
