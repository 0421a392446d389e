using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Plug;

/// <summary>Bricks go into the weights of the model they were made for, and out of weights that hold them.</summary>
public sealed class ParentTests : IDisposable
{
    static readonly PlugOptions Any = new() { AnyParent = true };

    readonly TemporaryFolder _folder = new();
    readonly LanguageModel _model = PicoModel.Llama(seed: 1), _other = PicoModel.Llama(seed: 2);
    readonly Brick _brick;

    public ParentTests() => _brick = PicoBricks.Make("lora", _model);

    public void Dispose()
    {
        _model.Dispose();
        _other.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_brick_of_another_model_goes_into_weights_only_when_asked()
    {
        Should.Throw<CheckpointException>(() => _other.MergeBrick(_brick)).NextStep.ShouldContain("--any-parent");
        Should.Throw<CheckpointException>(() => _other.SaveMerged(_brick, new PlugOptions(), _folder.File("out.gguf"))).Message.ShouldContain(_other.Fingerprint);
        Directory.GetFileSystemEntries(_folder.Path).ShouldBeEmpty();

        using var merged = _other.MergeBrick(_brick, Any);
        _other.SaveMerged(_brick, Any, _folder.File("out.gguf"));
        using var saved = LanguageModel.Load(_folder.File("out.gguf"));
        MergedWeightsTests.Logits(saved).ShouldBe(MergedWeightsTests.Logits(merged));
    }

    [Fact]
    public void A_brick_is_taken_out_of_weights_that_hold_it()
    {
        var other = PicoBricks.Make("lora", _model, seed: 2);
        using var merged = _model.MergeBrick(_brick);
        using var both = merged.MergeBrick(other, Any);
        using var back = both.UnmergeBrick(_brick);

        Should.Throw<CheckpointException>(() => _model.UnmergeBrick(_brick)).NextStep.ShouldContain("--any-parent");
        Should.Throw<CheckpointException>(() => merged.UnmergeBrick(other)).Message.ShouldContain(_brick.Manifest.Content![..12]);
        Should.Throw<CheckpointException>(() => back.UnmergeBrick(_brick)).Message.ShouldContain("expected that it was worked in");
        _model.UnmergeBrick(_brick, Any).Dispose();
    }

    [Fact]
    public void A_brick_is_taken_out_as_often_and_as_strongly_as_it_was_worked_in()
    {
        using var half = _model.MergeBrick(_brick, 0.5f);
        using var twice = half.MergeBrick(_brick, new PlugOptions { Strength = 2, AnyParent = true });
        using var once = twice.UnmergeBrick(_brick, 0.5f);
        using var none = once.UnmergeBrick(_brick, 2);
        half.SaveMerged(_brick, new PlugOptions { Strength = 0.1f, AnyParent = true }, _folder.File("twice.gguf"));
        using var saved = LanguageModel.Load(_folder.File("twice.gguf"));

        Should.Throw<CheckpointException>(() => half.UnmergeBrick(_brick)).Message.ShouldContain("at 0.5; expected");
        Should.Throw<CheckpointException>(() => half.UnmergeBrick(_brick)).NextStep.ShouldContain("BRICK:0.5");
        Should.Throw<CheckpointException>(() => once.UnmergeBrick(_brick, 0.5f)).NextStep.ShouldContain("BRICK:2");
        Should.Throw<CheckpointException>(() => none.UnmergeBrick(_brick, 2)).NextStep.ShouldContain("--any-parent");
        Should.Throw<CheckpointException>(() => saved.UnmergeBrick(_brick)).Message.ShouldContain("at 0.1");
        saved.UnmergeBrick(_brick, 0.1f).Dispose();
        half.UnmergeBrick(_brick, Any).Dispose();
    }

    [Fact]
    public void Weights_of_a_model_with_plugged_bricks_stay_as_they_are()
    {
        var other = PicoBricks.Make("lora", _model, seed: 2).Describe(manifest => manifest with { Id = "other" });
        using var merged = _model.MergeBrick(_brick);
        using var plugged = merged.Plug(other, Any);

        Should.Throw<UnsupportedModelException>(() => plugged.MergeBrick(_brick, Any)).Message.ShouldContain("'other'");
        Should.Throw<UnsupportedModelException>(() => plugged.UnmergeBrick(_brick)).NextStep.ShouldContain("stack");
        Should.Throw<UnsupportedModelException>(() => plugged.SaveMerged(_brick, Any, _folder.File("out.gguf")));
        Directory.GetFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void A_strength_that_is_no_finite_number_is_refused(float strength)
    {
        Should.Throw<RecipeException>(() => _model.MergeBrick(_brick, strength)).Message.ShouldContain("finite");
        Should.Throw<RecipeException>(() => _model.UnmergeBrick(_brick, Any with { Strength = strength })).Message.ShouldContain("finite");
    }

    [Fact]
    public void The_log_of_a_file_says_which_bricks_it_holds()
    {
        var other = PicoBricks.Make("lora", _model, seed: 2);
        _model.SaveMerged(_brick, new PlugOptions { Strength = 0.5f }, _folder.File("with.gguf"));
        ModelConverter.Convert(_folder.File("with.gguf"), _folder.File("half.gguf"), new ConvertOptions { Type = "f16" });
        using var half = LanguageModel.Load(_folder.File("half.gguf"));

        Should.Throw<CheckpointException>(() => half.SaveUnmerged(other, new PlugOptions(), _folder.File("out.gguf")));
        half.SaveUnmerged(_brick.Describe(manifest => manifest with { Licence = "MIT" }), new PlugOptions { Strength = 0.5f }, _folder.File("without.gguf"));
        using var without = LanguageModel.Load(_folder.File("without.gguf"));
        Should.Throw<CheckpointException>(() => without.UnmergeBrick(_brick));
        LogFile.Open(_folder.File("without.gguf")).Operations.Select(operation => operation.Name).ShouldBe(["new", "plug", "convert", "unplug"]);
    }

    [Fact]
    public void What_another_brick_was_taken_from_is_not_held_by_the_model()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(), _folder.File("base.gguf"));
        using var start = LanguageModel.Load(_folder.File("base.gguf"));
        start.SaveMerged(_brick, new PlugOptions(), _folder.File("tuned.gguf"));
        start.SaveMerged(start.Extract(_folder.File("tuned.gguf"), new ExtractOptions { Rank = 4 }).Brick, new PlugOptions(), _folder.File("again.gguf"));
        using var again = LanguageModel.Load(_folder.File("again.gguf"));

        Should.Throw<CheckpointException>(() => again.UnmergeBrick(_brick)).Message.ShouldContain("expected that it was worked in");
    }

    [Fact]
    public void A_recipe_takes_bricks_of_other_models_only_when_asked()
    {
        foreach (var (name, seed) in ((string, int)[])[("a", 1), ("b", 2)])
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File(name + ".gguf"));
        _brick.Save(_folder.File("poet.brick"));
        var models = MergeRecipe.Parse("merge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf, b.gguf+poet.brick]", _folder.File("recipe.yml"));
        var bricks = MergeRecipe.Parse("merge_method: cat\nbase_model: b.gguf\nparameters: {weight: 1}\nbricks: [poet.brick]", _folder.File("recipe.yml"));

        Should.Throw<CheckpointException>(() => models.Plan()).Message.ShouldContain(_brick.Id);
        Should.Throw<RecipeException>(() => bricks.PlanBricks(model: _other)).Message.ShouldContain(_other.Fingerprint);

        models.Plan(new MergeOptions { AnyParent = true }).Dispose();
        bricks.PlanBricks(new MergeOptions { AnyParent = true }, _other).Run().Brick.Manifest.Parent.ShouldBe(_model.Fingerprint);
        bricks.PlanBricks(model: _model).Run();
    }

    [Fact]
    public void An_adapter_of_another_family_is_merged_and_trained_never()
    {
        using var windowed = PicoModel.Windowed();
        PicoBricks.Make("lora", windowed).Describe(manifest => manifest with { Parent = null }).SaveGguf(_folder.File("gemma.gguf"), windowed);
        PicoModel.Save(PicoModel.LlamaCheckpoint(), _folder.File("a.gguf"));
        var recipe = MergeRecipe.Parse("merge_method: cat\nbase_model: a.gguf\nparameters: {weight: 1}\nbricks: [gemma.gguf]", _folder.File("recipe.yml"));
        var brick = Brick.Open(_folder.File("gemma.gguf"));

        foreach (var any in (bool[])[false, true])
            Should.Throw<RecipeException>(() => recipe.PlanBricks(new MergeOptions { AnyParent = any }, _model)).Message.ShouldContain("'gemma2'");
        Should.Throw<CheckpointException>(() => _model.TrainBrick(brick)).Message.ShouldContain("'gemma2'");
        Should.Throw<CheckpointException>(() => _model.TrainGates(brick, [Route.GateTests.Batch(1)], new ShortTraining { AnyParent = true })).Message.ShouldContain("'gemma2'");
        Should.Throw<ArgumentNullException>(() => _model.TrainBrick(null!));
    }
}
