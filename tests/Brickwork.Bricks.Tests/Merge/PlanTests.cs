using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Planning;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>What a plan says before anything is written: bytes, and where inputs contradict each other.</summary>
public sealed class PlanTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Compute _compute = new(1);

    public PlanTests()
    {
        foreach (var (name, seed) in ((string, int)[])[("a", 1), ("b", 2), ("base", 3)])
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File(name + ".gguf"));
    }

    public void Dispose()
    {
        _compute.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", "out.gguf"), InlineData("", "out"), InlineData("\ndtype: bfloat16", "out.gguf"), InlineData("\ndtype: bfloat16", "out"), InlineData("\nout_dtype: q8_0", "out.gguf"), InlineData("\nout_dtype: q4_k_m", "out.gguf")]
    public void The_bytes_of_a_plan_are_those_that_are_written(string type, string target)
    {
        // Stored in blocks, so that a folder stores it otherwise.
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 4, DType.Q8_0), _folder.File("blocks.gguf"));
        foreach (var recipe in (string[])["merge_method: passthrough\nmodels: [blocks.gguf]", "merge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf, b.gguf]"])
        {
            using var plan = Recipe(recipe + type).Plan(new MergeOptions { Overwrite = true });
            var planned = plan.WritesTo(target);

            plan.Save(_folder.File(target)).Bytes.ShouldBe(planned);
        }
        using var mixture = Recipe("base_model: a.gguf\ngate_mode: random\nexperts: [a.gguf, b.gguf]" + type).PlanMixture(new MergeOptions { Overwrite = true });
        mixture.Save(_folder.File(target)).Bytes.ShouldBe(mixture.WritesTo(target));
        mixture.Writes.ShouldBe(mixture.WritesTo("any.gguf"));
    }

    [Fact]
    public void A_plan_whose_bytes_were_asked_for_is_carried_out_and_closed_as_before()
    {
        using (var plan = Recipe("merge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf]").Plan())
            plan.Writes.ShouldBeGreaterThan(0);
        using (var plan = Recipe("merge_method: linear\nparameters: {weight: 1}\nmodels: [a.gguf]").Plan())
        {
            plan.Writes.ShouldBeGreaterThan(0);
            plan.Save(_folder.File("out.gguf"));
            Should.Throw<ObjectDisposedException>(() => plan.Save(_folder.File("again.gguf")));
        }

        // Where files in use cannot be removed, this would fail.
        File.Delete(_folder.File("a.gguf"));
    }

    [Theory]
    [InlineData("ties", MergeDialect.Mergekit), InlineData("magnitude_prune", MergeDialect.Mergekit), InlineData("dare_linear", MergeDialect.Peft), InlineData("dare_ties", MergeDialect.Peft)]
    public void What_a_tool_fails_at_is_refused_by_tensor_where_it_is_to_be_copied(string method, MergeDialect dialect)
    {
        var recipe = Recipe($"merge_method: {method}\nbase_model: base.gguf\nparameters: {{weight: 1, density: [{{filter: ffn_up, value: 0}}, {{value: 1}}]}}\nmodels: [a.gguf, b.gguf]");

        recipe.Plan(new MergeOptions { Dialect = dialect }).Dispose();
        Should.Throw<RecipeException>(() => recipe.Plan(new MergeOptions { Dialect = dialect, StrictCompatibility = true })).Message.ShouldContain("blk.0.ffn_up.weight");
    }

    [Theory]
    [InlineData("linear", "weight: 1"), InlineData("karcher", ""), InlineData("git_rebasin", ""), InlineData("fisher", "data: text.txt"), InlineData("regmean", "data: text.txt"), InlineData("zipit", "data: text.txt")]
    public void Methods_without_a_base_tell_the_conflicts_of_changes_of_the_base_that_is_named(string method, string parameters)
    {
        _folder.Write("text.txt", "The old man went to the sea.");
        using var differences = Recipe("merge_method: ties\nbase_model: base.gguf\nparameters: {weight: 1}\nmodels: [a.gguf, b.gguf]").Plan();
        using var plan = Recipe($"merge_method: {method}\nbase_model: base.gguf\nparameters: {{{parameters}}}\nmodels: [a.gguf, b.gguf]").Plan();

        plan.Conflicts().ShouldBe(differences.Conflicts());
    }

    [Fact]
    public void What_fewer_than_two_inputs_change_has_no_conflicts()
    {
        float[] nothing = new float[400], change = [.. Enumerable.Range(0, 400).Select(i => i % 7 - 3f)];

        ConflictMeasure.Of(_compute, Tensors("blk.0.ffn_up.weight", new Shape(20, 20), [nothing, nothing])).ShouldBeNull();
        ConflictMeasure.Of(_compute, Tensors("blk.0.ffn_up.weight", new Shape(20, 20), [nothing, change])).ShouldBeNull();
        ConflictMeasure.Of(_compute, Tensors("blk.0.ffn_up.weight", new Shape(20, 20), [change, nothing, change]))!.Cosine.ShouldBe(1, 1e-12);
        using var plan = Recipe("merge_method: ties\nbase_model: base.gguf\nparameters: {weight: 1}\nmodels: [a.gguf, base.gguf]").Plan();
        plan.Conflicts().ShouldBeEmpty();
    }

    [Fact]
    public void Tensors_whose_rows_are_put_in_the_order_of_other_tokens_have_conflicts_too()
    {
        OtherWords.Save(_folder.File("words.gguf"), seed: 1, token: 300);
        using var plan = Recipe("merge_method: ties\nbase_model: base.gguf\ntokenizer_source: union\nparameters: {weight: 1}\nmodels: [a.gguf, words.gguf]").Plan();

        var conflict = plan.Conflicts().Single(conflict => conflict.Tensor == "token_embd.weight");

        // Equal but for one row of 321, which each has and the other takes from the base or from it.
        conflict.Cosine.ShouldBeInRange(.98, .9999);
    }

    [Fact]
    public void Neurons_are_the_columns_of_what_reads_them()
    {
        // Both change the same rows, and each its own column.
        MergeConflict Of(string name)
        {
            float[][] models = [.. Enumerable.Range(0, 2).Select(source => new float[20 * 20])];
            for (var row = 0; row < 20; row++)
                for (var source = 0; source < 2; source++)
                    models[source][row * 20 + source] = row == 3 ? 9 : 1;
            return ConflictMeasure.Of(_compute, Tensors(name, new Shape(20, 20), models))!;
        }

        foreach (var reader in (string[])["blk.0.ffn_down.weight", "blk.7.attn_output.weight"])
            Of(reader).SharedNeurons.ShouldBe(0, reader);
        foreach (var other in (string[])["blk.0.ffn_up.weight", "token_embd.weight", "output.weight"])
            Of(other).SharedNeurons.ShouldBe(1, other);
    }

    [Fact]
    public void Subspaces_of_long_matrices_are_compared_too()
    {
        var random = new SeededRandom(2);
        float[] change = [.. Enumerable.Range(0, 5632 * 12).Select(_ => (float)random.NextGaussian())];

        ConflictMeasure.Of(_compute, Tensors("blk.0.ffn_up.weight", new Shape(5632, 12), [change, change]))!.SubspaceOverlap!.Value.ShouldBe(1, 1e-4);
    }

    MergeRecipe Recipe(string yaml) => MergeRecipe.Parse(yaml, _folder.File("recipe.yml"));

    static MergeTensors Tensors(string name, Shape shape, float[][] models) => new()
    {
        Name = name, Shape = shape, Base = new float[shape.Count], Sources = [.. models.Select((values, index) => new MergeSource(index, values, ParameterValues.None))],
    };
}
