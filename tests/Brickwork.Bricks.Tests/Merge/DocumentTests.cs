using Brickwork.Bricks.Merge.Planning;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Recipes of several documents, and what lies beside a result in a folder.</summary>
public sealed class DocumentTests : IDisposable
{
    // Told from the last to the first: order is by need. 'half' is needed twice.
    const string Diamond = """
        merge_method: linear
        parameters: {weight: 1}
        models: [left, right]
        ---
        name: right
        merge_method: linear
        models: [{model: half, parameters: {weight: 1}}, {model: b.gguf, parameters: {weight: 3}}]
        ---
        name: left
        merge_method: linear
        models: [{model: half, parameters: {weight: 3}}, {model: a.gguf, parameters: {weight: 1}}]
        ---
        name: half
        merge_method: linear
        parameters: {weight: 1, density: 1}
        models: [a.gguf, b.gguf]
        """;

    readonly TemporaryFolder _folder = new();

    public DocumentTests()
    {
        foreach (var (name, seed) in ((string, int)[])[("a", 1), ("b", 2)])
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File($"{name}.gguf"));
        _folder.Write("text.txt", "The old man went to the sea, and the sea was calm. He said nothing.");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Documents_are_made_in_the_order_in_which_they_are_needed()
    {
        using var plan = Recipe(Diamond).Plan();
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("'density'");
        using var merged = plan.Merged();
        using var a = CheckpointFile.Open(_folder.File("a.gguf"));
        using var b = CheckpointFile.Open(_folder.File("b.gguf"));

        // left = (3(a + b)/2 + a)/4, right = ((a + b)/2 + 3b)/4.
        foreach (var name in merged.Tensors.Select(tensor => tensor.Name))
        {
            float[] expected = [.. a.Open(name).Floats.ToArray().Zip(b.Open(name).Floats.ToArray(), (x, y) => (float)((3.0 * x + 5.0 * y) / 8))];
            ((ReadOnlySpan<float>)merged.Open(name).Floats).ShouldBeClose(expected, Tolerance.Within(3e-7, "three means in F32, of values about 1"), name);
        }
    }

    [Fact]
    public void A_document_that_several_use_is_made_once_and_closed_by_the_last()
    {
        var recipe = Recipe(Diamond);
        var plan = DocumentPlan.Of(recipe.Documents[0], recipe, new MergeOptions());
        var halves = plan.Models.Select(model => ((MergedCheckpoint)model.Checkpoint).Plan.Models.Single(other => other.Reference == "half").Checkpoint).ToList();

        halves.Count.ShouldBe(2);
        halves[1].ShouldBeSameAs(halves[0]);
        plan.Models.First().Checkpoint.Dispose();
        halves[1].Open("output.weight").Floats.Length.ShouldBe(PicoModel.Vocabulary * PicoModel.Width);
        plan.Models.Last().Checkpoint.Dispose();
        Should.Throw<ObjectDisposedException>(() => halves[1].Open("token_embd.weight"));
    }

    [Fact]
    public void A_method_that_runs_models_may_run_the_result_of_a_document()
    {
        const string Recipe = "name: half\nmerge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf, b.gguf]\n---\nname: other\nmerge_method: linear\nparameters: {weight: 1}\nmodels: [half, b.gguf]"
            + "\n---\nmerge_method: fisher\nparameters: {data: text.txt}\nmodels: [half, other]";

        using var model = this.Recipe(Recipe).Plan().Run();

        Plug.MergedWeightsTests.Logits(model).ShouldAllBe(logit => float.IsFinite(logit));
    }

    [Theory]
    [InlineData("merge_method: dare_ties\nbase_model: b.gguf\nseed: 5\nparameters: {weight: 1, density: 0.5}\nmodels: [a.gguf]")]
    [InlineData("base_model: a.gguf\ngate_mode: random\nexperts: [a.gguf, b.gguf]")]
    public void A_folder_holds_a_card_and_the_recipe_too(string yaml)
    {
        var recipe = Recipe(yaml);
        Save(recipe, new MergeOptions());

        File.ReadAllText(_folder.File("out", "mergekit_config.yml")).ShouldBe(yaml);
        var card = File.ReadAllText(_folder.File("out", "README.md"));
        card.ShouldContain("# recipe\n");
        card.ShouldContain("- `a.gguf`");
        card.ShouldContain("b.gguf`");
        card.ShouldContain($"```yaml\n{yaml}\n```");
        card.ShouldContain("Arithmetic: mergekit");
        card.ShouldNotContain(_folder.Path, customMessage: "where it was made is nobody's business");
        LanguageModel.Load(_folder.File("out")).Dispose();
    }

    [Fact]
    public void A_folder_with_a_card_is_replaced_and_one_with_a_README_of_somebody_is_not()
    {
        var recipe = Recipe("merge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf]");
        Save(recipe, new MergeOptions());
        Save(recipe, new MergeOptions { Overwrite = true, Dialect = MergeDialect.Peft, StrictCompatibility = true, Seed = 7 });
        File.ReadAllText(_folder.File("out", "README.md")).ShouldContain("Arithmetic: peft, its known defects included; seed 7.");

        File.Delete(_folder.File("out", "mergekit_config.yml"));

        Should.Throw<CheckpointException>(() => Save(recipe, new MergeOptions { Overwrite = true })).Message.ShouldContain("holds README.md");
    }

    void Save(MergeRecipe recipe, MergeOptions options)
    {
        if (recipe.IsMixture)
        {
            using var mixture = recipe.PlanMixture(options);
            mixture.Save(_folder.File("out"));
            return;
        }
        using var plan = recipe.Plan(options);
        plan.Save(_folder.File("out"));
    }

    MergeRecipe Recipe(string yaml) => MergeRecipe.Parse(yaml, _folder.File("recipe.yml"));
}
