using Brickwork.Bricks.Log;
using Brickwork.Bricks.Merge.Planning;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.Log;
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
    [InlineData("data x/../../../../stolen", "texts/sea.txt", false)]
    [InlineData("data texts", "../../../../stolen/sea.txt", true)]
    [InlineData("data texts", "texts/../../../../../stolen/sea.txt", true)]
    public void A_log_writes_nothing_outside_of_its_own_folder(string role, string name, bool isRefused)
    {
        Save(MergeRecipe.Parse("merge_method: fisher\nparameters: {data: texts}\nmodels: [a.gguf, b.gguf]", _folder.File("recipe.yml")), _folder.File("out.gguf"));
        var last = LogFile.Open(_folder.File("out.gguf")).Operations[^1];
        last.Inputs.Count(input => input.Role == "data texts").ShouldBe(2);
        var hostile = last with
        {
            Inputs = [.. last.Inputs.Select(input => input.Role != "data texts" ? input : input with { Role = role, Name = input.Name == "texts/sea.txt" ? name : input.Name })],
            Arguments = new Dictionary<string, string>(last.Arguments) { ["recipe"] = last.Arguments["recipe"].Replace("data: texts", $"data: {role[5..]}", StringComparison.Ordinal) },
        };
        var log = _folder.Write("hostile.log", hostile.ToString());

        var replay = () => OperationReplay.Run(log, _folder.File("again.gguf"), new ReplayOptions { Places = [_folder.Path] });

        if (isRefused)
            Should.Throw<CheckpointException>(replay).Message.ShouldContain("no name of a file");
        else
            replay().Operations.ShouldBe(1);
        Directory.GetFileSystemEntries(_folder.Path, "stolen", SearchOption.AllDirectories).ShouldBeEmpty();
        File.Exists(_folder.File("again.gguf")).ShouldBe(!isRefused);
    }

    [Fact]
    public void Hashing_many_files_is_cancelled_as_everything_else_is()
    {
        var (recipe, cancelled) = (MergeRecipe.Parse("merge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf, b.gguf]", _folder.File("recipe.yml")), new CancellationToken(canceled: true));
        using var plan = DocumentPlan.Of(recipe.Documents[0], recipe, new MergeOptions());

        Should.Throw<OperationCanceledException>(() => LoggedTexts.Of(_folder.File("texts"), "texts", cancelled));
        Should.Throw<OperationCanceledException>(() => ContentHash.OfFiles([_folder.File("a.gguf"), _folder.File("b.gguf")], cancelled));
        Should.Throw<OperationCanceledException>(() => plan.Sources(cancelled));
    }

    [Theory]
    [InlineData("task.brick"), InlineData("task.gguf")]
    public void An_extraction_is_made_again(string output)
    {
        using (var model = LanguageModel.Load(_folder.File("a.gguf")))
            Save(model.Extract(_folder.File("b.gguf"), new ExtractOptions { Rank = 3, Id = "task", Targets = new("layers.*.attention.*"), Embedding = true }).Brick, _folder.File(output), model);

        ShouldBeMadeAgain(output, "extract");
    }

    [Theory]
    [InlineData("merge_method: fisher\nmodels: [a.gguf, b.gguf]", "out.gguf")]
    [InlineData("merge_method: regmean\nmodels: [a.gguf, b.gguf]\nparameters: {data: text.txt}", "out.gguf")]
    [InlineData("base_model: a.gguf\nexperts: [{source_model: a.gguf, positive_prompts: [the sea]}, {source_model: b.gguf, positive_prompts: [a road]}]", "out.gguf")]
    [InlineData("merge_method: dare_ties_svd\nparameters: {weight: 0.5, density: 0.6, rank: 3}\nbricks: [one.brick, two.brick]", "out.brick")]
    [InlineData("extract", "out.brick")]
    public void Where_the_kernel_path_decides_bits_it_is_that_of_the_first_time(string recipe, string output)
    {
        if (recipe == "extract")
            using (var model = LanguageModel.Load(_folder.File("a.gguf"), new LoadOptions { InstructionSet = InstructionSet.Reference }))
                Save(model.Extract(_folder.File("b.gguf"), new ExtractOptions { Rank = 3 }).Brick, _folder.File(output), model);
        else
            Save(MergeRecipe.Parse(recipe, _folder.File("recipe.yml")), _folder.File(output), new MergeOptions { InstructionSet = InstructionSet.Reference });
        var log = LogFile.Open(_folder.File(output));
        var other = log.Operations[^1] with { Output = log.Hash, Arguments = new Dictionary<string, string>(log.Operations[^1].Arguments) { ["instructionSet"] = "Vector" } };

        foreach (var (source, same) in ((string, bool)[])[(_folder.File(output), true), (_folder.Write("other.log", string.Join('\n', log.Operations.SkipLast(1).Append(other))), false)])
            OperationReplay.Run(source, _folder.File("again-" + output), new ReplayOptions { Places = [_folder.Path], Overwrite = true }).IsSame.ShouldBe(same);
    }

    [Fact]
    public void Where_it_decides_none_no_log_asks_for_a_kernel_path()
    {
        Save(MergeRecipe.Parse("merge_method: slerp\nbase_model: a.gguf\nparameters: {t: 0.3}\nmodels: [a.gguf, b.gguf]", _folder.File("recipe.yml")), _folder.File("out.gguf"), new MergeOptions { InstructionSet = InstructionSet.Reference });

        LogFile.Open(_folder.File("out.gguf")).Operations[^1].Arguments.Keys.ShouldNotContain("instructionSet");
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
        var options = given ?? new MergeOptions();
        if (recipe.Text.Contains("fisher", StringComparison.Ordinal))
            options = options with { Texts = _folder.File(recipe.Text.Contains("of-a-folder", StringComparison.Ordinal) ? "texts" : "text.txt") };
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
