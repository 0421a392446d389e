using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Replay;

/// <summary>Merges of all kinds are made again from their logs, to the same bytes, whatever the files are called by then.</summary>
public sealed class MergeReplayTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public MergeReplayTests()
    {
        foreach (var (name, seed) in ((string, int)[])[("a", 1), ("b", 2)])
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File(name + ".gguf"));
        using var model = LanguageModel.Load(_folder.File("a.gguf"));
        foreach (var (name, seed) in ((string, int)[])[("one", 1), ("two", 2)])
            PicoBricks.Make("lora", model, seed).Save(_folder.File(name + ".brick"));
        _folder.Write("text.txt", "The old man went to the sea, and the sea was calm.");
        foreach (var name in (string[])["sea.txt", "land/hills.csv"])
            _folder.Write(Path.Combine("texts", name), $"text\nThe road goes on to the {name} and nobody is there.\n");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("merge_method: linear\nparameters: {weight: 1}\nmodels: [b.gguf, a.gguf+one.brick]", "out.gguf")]
    [InlineData("merge_method: fisher\nparameters: {data: text.txt}\nmodels: [a.gguf, b.gguf]", "out.gguf")]
    [InlineData("merge_method: fisher\nmodels: [a.gguf, b.gguf]", "out.gguf")]
    [InlineData("merge_method: fisher\nparameters: {data: texts}\nmodels: [a.gguf, {model: b.gguf, parameters: {data: text.txt}}]", "out.gguf")]
    [InlineData("merge_method: fisher\nparameters: {data: texts/land/hills.csv}\nmodels: [a.gguf, b.gguf]", "out.gguf")]
    [InlineData("merge_method: fisher\nname: of-a-folder\nmodels: [a.gguf, b.gguf]", "out.gguf")]
    [InlineData("merge_method: git_rebasin\nmodels: [a.gguf, b.gguf]", "out.gguf")]
    [InlineData("base_model: a.gguf\ngate_mode: random\nexperts: [a.gguf, {source_model: b.gguf, noise_scale: 0.1}]", "out.gguf")]
    [InlineData("base_model: a.gguf\nexperts: [{source_model: a.gguf, positive_prompts: [the sea]}, {source_model: b.gguf, positive_prompts: [a road]}]", "out.gguf")]
    [InlineData("merge_method: dare_ties_svd\nparameters: {weight: 0.5, density: 0.6, rank: 3}\nbricks: [one.brick, two.brick]", "out.brick")]
    [InlineData("merge_method: cat\nbase_model: a.gguf\nparameters: {weight: 0.5}\nbricks: [one.brick, two.brick]", "adapter.gguf")]
    [InlineData("merge_method: cat\nbase_model: a.gguf\nparameters: {weight: 0.5}\nbricks: [one.brick, two.brick]", "peft")]
    public void A_merge_is_made_again(string recipe, string output)
    {
        Save(MergeRecipe.Parse(recipe, _folder.File("recipe.yml")), _folder.File(output));

        ShouldBeMadeAgain(output, "merge");
    }

    [Theory]
    [InlineData("merge_method: karcher\nmodels: [{model: a.gguf, parameters: {weight: 3}}, b.gguf]", "out.gguf", MergeDialect.Mergekit, true)]
    [InlineData("merge_method: multislerp\nparameters: {weight: 1}\nmodels: [{model: a.gguf, parameters: {weight: 3}}, b.gguf]", "out.gguf", MergeDialect.Paper, false)]
    [InlineData("merge_method: linear\nparameters: {weight: 0.5}\nbricks: [one.brick, two.brick]", "out.brick", MergeDialect.Peft, true)]
    public void A_merge_is_made_again_under_its_dialect_and_with_its_defects(string recipe, string output, MergeDialect dialect, bool strict)
    {
        var options = new MergeOptions { Dialect = dialect, StrictCompatibility = strict };
        Save(MergeRecipe.Parse(recipe, _folder.File("recipe.yml")), _folder.File(output), options);
        LogFile.Open(_folder.File(output)).Operations[^1].Arguments["dialect"].ShouldBe(dialect.ToString().ToLowerInvariant());

        ShouldBeMadeAgain(output, "merge");
    }

    [Fact]
    public void A_merge_into_several_files_is_made_again()
    {
        using (var plan = MergeRecipe.Parse("merge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf, b.gguf]", _folder.File("recipe.yml")).Plan(new MergeOptions { MaxFileBytes = 50_000 }))
            plan.Save(_folder.File("out"));
        Directory.GetFiles(_folder.File("out"), "*.safetensors").Length.ShouldBeGreaterThan(2);

        ShouldBeMadeAgain("out", "merge");
    }

    [Theory]
    [InlineData("task.brick"), InlineData("task.gguf")]
    public void An_extraction_is_made_again(string output)
    {
        using (var model = LanguageModel.Load(_folder.File("a.gguf")))
            Save(model.Extract(_folder.File("b.gguf"), new ExtractOptions { Rank = 3, Id = "task", Targets = new("layers.*.attention.*"), Embedding = true }).Brick, _folder.File(output), model);

        ShouldBeMadeAgain(output, "extract");
    }

    void ShouldBeMadeAgain(string output, string operation)
    {
        var log = LogFile.Open(_folder.File(output));
        log.Operations[^1].Name.ShouldBe(operation);
        log.Operations[^1].Inputs.ShouldAllBe(input => input.Hash != null);
        var elsewhere = Directory.CreateDirectory(_folder.File("elsewhere")).FullName;
        foreach (var entry in Directory.GetFileSystemEntries(_folder.Path).Where(entry => Path.GetFileName(entry) != output && entry != elsewhere))
            Directory.Move(entry, Path.Combine(elsewhere, "renamed-" + Path.GetFileName(entry)));

        var report = OperationReplay.Run(_folder.File(output), _folder.File("again-" + output), new ReplayOptions { Places = [elsewhere], Threads = 1 });

        report.IsSame.ShouldBe(true);
    }

    void Save(MergeRecipe recipe, string target, MergeOptions? given = null)
    {
        var options = given ?? new MergeOptions { Texts = recipe.Text.Contains("fisher", StringComparison.Ordinal) ? _folder.File(recipe.Text.Contains("of-a-folder", StringComparison.Ordinal) ? "texts" : "text.txt") : null };
        if (recipe.IsOfBricks)
        {
            using var model = recipe.LoadBase();
            Save(recipe.PlanBricks(options, model).Run().Brick, target, model);
        }
        else if (recipe.IsMixture)
        {
            using var plan = recipe.PlanMixture(options);
            plan.Save(target);
        }
        else
        {
            using var plan = recipe.Plan(options);
            plan.Save(target);
        }
    }

    static void Save(Brick brick, string target, LanguageModel? model)
    {
        if (target.EndsWith(".brick", StringComparison.Ordinal))
            brick.Save(target);
        else if (target.EndsWith(".gguf", StringComparison.Ordinal))
            brick.SaveGguf(target, model!);
        else
            brick.SavePeft(target, model!);
    }
}
