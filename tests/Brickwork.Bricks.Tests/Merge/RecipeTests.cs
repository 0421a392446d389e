using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Recipes over small models in files.</summary>
public sealed class RecipeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public RecipeTests()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 1), _folder.File("a.gguf"));
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 2), _folder.File("b.gguf"));
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 3), _folder.File("base.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_linear_merge_is_the_mean_of_every_tensor()
    {
        using var a = CheckpointFile.Open(_folder.File("a.gguf"));
        using var b = CheckpointFile.Open(_folder.File("b.gguf"));

        using var merged = Merge("merge_method: linear\nmodels: [{model: a.gguf, parameters: {weight: 1}}, {model: b.gguf, parameters: {weight: 3}}]");

        merged.Tensors.Select(tensor => tensor.Name).ShouldBe(a.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in merged.Tensors)
        {
            float[] expected = [.. Floats(a, tensor.Name).Zip(Floats(b, tensor.Name), (x, y) => (float)((x + 3.0 * y) / 4))];
            ((ReadOnlySpan<float>)Floats(merged, tensor.Name)).ShouldBeClose(expected, Tolerance.Roundings(1), tensor.Name);
        }
    }

    [Fact]
    public void A_plan_touches_every_tensor_once()
    {
        using var plan = Plan("merge_method: ties\nbase_model: base.gguf\nparameters: {density: 0.5}\nmodels: [{model: a.gguf, parameters: {weight: 1}}, {model: b.gguf, parameters: {weight: 1}}]");
        using var origin = CheckpointFile.Open(_folder.File("base.gguf"));

        plan.Tensors.Select(tensor => tensor.Name).ShouldBe(origin.Tensors.Select(tensor => tensor.Name));
        plan.Methods.ShouldBe(new Dictionary<string, int> { ["ties"] = origin.Tensors.Count });
        plan.Writes.ShouldBe(origin.Tensors.Sum(tensor => tensor.Bytes));
    }

    [Fact]
    public void Settings_of_an_input_win_over_the_document_filters_choose_and_gradients_run_along_the_layers()
    {
        using var plan = Plan("""
            merge_method: linear
            parameters: {weight: 5}
            models:
              - model: a.gguf
                parameters:
                  weight:
                    - filter: self_attn
                      value: [0, 1]
                    - filter: mlp
                      value: 2
                    - value: 3
              - model: b.gguf
            """);
        var lines = plan.Describe().ToDictionary(line => line.Split(' ')[0]);

        lines["blk.0.attn_q.weight"].ShouldContain("a.gguf:blk.0.attn_q.weight weight 0;");
        lines["blk.1.attn_q.weight"].ShouldContain("a.gguf:blk.1.attn_q.weight weight 1;");
        lines["blk.1.ffn_up.weight"].ShouldContain("weight 2;");
        lines["token_embd.weight"].ShouldContain("weight 3; b.gguf:token_embd.weight weight 5");
    }

    [Fact]
    public void What_stands_behind_the_layers_takes_the_last_value_of_a_gradient_unless_mergekit_is_copied()
    {
        const string Recipe = "merge_method: slerp\nbase_model: a.gguf\nparameters: {t: [0, 1]}\nmodels: [{model: a.gguf}, {model: b.gguf}]";
        using var ours = Plan(Recipe);
        using var theirs = Plan(Recipe, new MergeOptions { StrictCompatibility = true });

        ours.Describe().Single(line => line.StartsWith("output.weight", StringComparison.Ordinal)).ShouldEndWith("t 1");
        theirs.Describe().Single(line => line.StartsWith("output.weight", StringComparison.Ordinal)).ShouldEndWith("t 0");
        ours.Describe().Single(line => line.StartsWith("token_embd.weight", StringComparison.Ordinal)).ShouldEndWith("t 0");
    }

    [Fact]
    public void Slices_stack_layers_and_the_result_runs()
    {
        const string Recipe = """
            merge_method: passthrough
            slices:
              - sources: [{model: a.gguf, layer_range: [0, 2]}]
              - sources: [{model: b.gguf, layer_range: [1, 2], parameters: {scale: [{filter: o_proj, value: 0}, {value: 1}]}}]
            """;
        using var b = CheckpointFile.Open(_folder.File("b.gguf"));
        using var plan = Plan(Recipe);

        using var merged = Merge(Recipe);
        using var model = plan.Run();

        model.Config.Layers.ShouldBe(3);
        Floats(merged, "blk.2.attn_output.weight").ShouldAllBe(value => value == 0);
        Floats(merged, "blk.2.ffn_up.weight").ShouldBe(Floats(b, "blk.1.ffn_up.weight"));
    }

    [Fact]
    public void Documents_may_use_each_other()
    {
        using var merged = Merge("""
            name: half
            merge_method: linear
            models: [{model: a.gguf, parameters: {weight: 1}}, {model: b.gguf, parameters: {weight: 1}}]
            ---
            merge_method: task_arithmetic
            base_model: base.gguf
            models: [{model: half, parameters: {weight: 1}}]
            """);
        using var a = CheckpointFile.Open(_folder.File("a.gguf"));
        using var b = CheckpointFile.Open(_folder.File("b.gguf"));

        float[] expected = [.. Floats(a, "output.weight").Zip(Floats(b, "output.weight"), (x, y) => (x + y) / 2)];
        ((ReadOnlySpan<float>)Floats(merged, "output.weight")).ShouldBeClose(expected, Tolerance.Within(1e-7, "a difference and a sum"));
    }

    [Theory]
    [InlineData("merge_method: linear\nmodels: [{model: a.gguf}]\nmerge: 1", "'merge' is not known", "needs 'weight'")]
    [InlineData("merge_method: lineer\nmodels: [{model: a.gguf}]", "'lineer'", "linear")]
    [InlineData("models: [{model: a.gguf}]\nslices: [{sources: [{model: a.gguf}]}]", "merge_method", "exactly one")]
    [InlineData("merge_method: linear\nmodels: [{model: a.gguf, parameters: {weight: [{filter: self_atn, value: 1}, {value: 1}]}}]", "'self_atn'", "fits no tensor")]
    [InlineData("merge_method: linear\nmodels: [{model: a.gguf, parameters: {weight: 1, densty: 1}}]", "'densty'", "not read by linear")]
    [InlineData("merge_method: ties\nmodels: [{model: a.gguf, parameters: {weight: 1}}]", "base_model", "ties")]
    [InlineData("merge_method: ties\nbase_model: base.gguf\nmodels: [{model: a.gguf, parameters: {weight: 1, density: 2}}]", "'density'", "0 … 1")]
    [InlineData("merge_method: slerp\nbase_model: a.gguf\nparameters: {t: 0.5}\nmodels: [{model: a.gguf}]", "exactly 1", "found 0")]
    [InlineData("merge_method: passthrough\nslices: [{sources: [{model: a.gguf, layer_range: [1, 5]}]}]", "2 layers", "1 up to 5")]
    [InlineData("merge_method: della\nbase_model: base.gguf\nmodels: [{model: a.gguf, parameters: {weight: 1, density: 0.9, epsilon: 0.2}}]", "epsilon", "0.9")]
    [InlineData("name: x\nmerge_method: linear\nmodels: [{model: y}]\n---\nname: y\nmerge_method: linear\nmodels: [{model: x}]", "circle", "→")]
    [InlineData("merge_method: linear\nmodels: [{model: a.gguf, parameters: {weight: heavy}}]", "heavy", "a number")]
    [InlineData("merge_method: linear\ndtype: float12\nmodels: [{model: a.gguf, parameters: {weight: 1}}]", "float12", "bfloat16")]
    public void A_recipe_with_a_fault_is_refused_in_words(string yaml, params string[] words)
    {
        // Faults of the file are found before the models are opened, so some recipes here have both.
        var message = Should.Throw<RecipeException>(() => Plan(yaml).Dispose()).Message;

        words.ShouldContain(word => message.Contains(word, StringComparison.Ordinal), message);
        message.ShouldContain(words[0]);
    }

    [Fact]
    public void Models_of_other_shapes_or_other_words_are_refused()
    {
        var other = PicoModel.LlamaCheckpoint(seed: 4, layers: 3);
        PicoModel.Save(other, _folder.File("long.gguf"));
        OtherWords.Save(_folder.File("words.gguf"), seed: 4, token: 300);

        Should.Throw<RecipeException>(() => Plan("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: a.gguf}, {model: long.gguf}]")).Message.ShouldContain("long.gguf 3");
        Should.Throw<RecipeException>(() => Plan("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: a.gguf}, {model: words.gguf}]")).Message.ShouldContain("tokenizer_source");
        Should.Throw<CheckpointException>(() => Plan("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: nowhere.gguf}]")).Message.ShouldContain("nowhere.gguf");
    }

    [Fact]
    public void A_union_of_vocabularies_holds_every_token_and_fills_rows_from_those_that_have_it()
    {
        var words = OtherWords.Save(_folder.File("words.gguf"), seed: 4, token: 300);

        using var merged = Merge("merge_method: linear\nparameters: {weight: 1}\ntokenizer: {source: union, pad_to_multiple_of: 8}\nmodels: [{model: a.gguf}, {model: words.gguf}]");

        merged.Metadata.TryTexts("tokenizer.ggml.tokens")!.Length.ShouldBe(328);
        merged.Metadata.TryTexts("tokenizer.ggml.tokens")![320].ShouldBe("another");
        merged.Open("token_embd.weight").Shape.ShouldBe(new Shape(328, PicoModel.Width));
        float[] own = [.. words.Open("token_embd.weight").Row(300)];
        ((ReadOnlySpan<float>)merged.Open("token_embd.weight").Row(320)).ShouldBeClose(own, Tolerance.Roundings(3));
        merged.Open("token_embd.weight").Row(321).ToArray().ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Values_that_are_no_numbers_are_refused_and_nothing_is_left()
    {
        var damaged = PicoModel.LlamaCheckpoint(seed: 4);
        damaged.Open("blk.1.ffn_up.weight").Row(3)[5] = float.NaN;
        PicoModel.Save(damaged, _folder.File("nan.gguf"));
        var target = _folder.File("out", "merged.gguf");
        Directory.CreateDirectory(_folder.File("out"));

        using var plan = Plan("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: a.gguf}, {model: nan.gguf}]");
        var message = Should.Throw<CheckpointException>(() => plan.Save(target)).Message;

        message.ShouldContain("'blk.1.ffn_up.weight' in nan.gguf");
        message.ShouldContain("row 3, column 5");
        Directory.GetFileSystemEntries(_folder.File("out")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("dare_ties"), InlineData("della"), InlineData("slerp"), InlineData("linear")]
    public void Neither_threads_nor_the_form_of_the_files_change_a_merge(string method)
    {
        var models = method == "slerp" ? "[{model: a.gguf}]" : "[{model: a.gguf}, {model: b.gguf}]";
        var yaml = $"merge_method: {method}\nbase_model: base.gguf\nparameters: {{{(method switch { "slerp" => "t: 0.3", "linear" => "weight: 1", _ => "weight: 1, density: 0.5" })}}}\nmodels: {models}";

        using (var plan = Plan(yaml, new MergeOptions { Threads = 1 }))
            plan.Save(_folder.File("one.gguf"));
        using (var plan = Plan(yaml, new MergeOptions { Threads = 3 }))
            plan.Save(_folder.File("three.gguf"));

        File.ReadAllBytes(_folder.File("three.gguf")).ShouldBe(File.ReadAllBytes(_folder.File("one.gguf")));
    }

    [Fact]
    public void Quantized_models_go_in_and_come_out()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 1, type: DType.Q8_0), _folder.File("aq.gguf"));
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 2, type: DType.Q8_0), _folder.File("bq.gguf"));

        using var same = Merge("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: aq.gguf}, {model: bq.gguf}]");
        using var half = Plan("merge_method: linear\nout_dtype: float16\nparameters: {weight: 1}\nmodels: [{model: aq.gguf}, {model: b.gguf}]");
        half.Save(_folder.File("half"));

        same.Tensors.Single(tensor => tensor.Name == "blk.0.attn_q.weight").Type.ShouldBe(DType.Q8_0);
        using var folder = LanguageModel.Load(_folder.File("half"));
        folder.Tensors.Single(tensor => tensor.Name == "blk.0.attn_q.weight").Type.ShouldBe(DType.F16);
    }

    [Fact]
    public void Leftovers_of_a_run_that_was_killed_are_removed_by_the_next()
    {
        var leftover = _folder.Write("merged.gguf.abcdefgh.ijk.partial", "half a model");
        var stranger = _folder.Write("other.gguf.abcdefgh.ijk.partial", "not ours");

        using (var plan = Plan("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: a.gguf}]"))
            plan.Save(_folder.File("merged.gguf"));

        File.Exists(leftover).ShouldBeFalse();
        File.Exists(stranger).ShouldBeTrue();
    }

    [Fact]
    public void Conflicts_are_none_between_equal_changes_and_whole_between_opposite_ones()
    {
        var (a, origin) = (PicoModel.LlamaCheckpoint(seed: 1), PicoModel.LlamaCheckpoint(seed: 3));
        var opposite = PicoModel.LlamaCheckpoint(seed: 3);
        foreach (var tensor in opposite.Tensors)
        {
            var target = opposite.Open(tensor.Name).Floats;
            for (var i = 0; i < target.Length; i++)
                target[i] = 2 * origin.Open(tensor.Name).Floats[i] - a.Open(tensor.Name).Floats[i];
        }
        PicoModel.Save(opposite, _folder.File("opposite.gguf"));

        using var equal = Plan("merge_method: ties\nbase_model: base.gguf\nparameters: {weight: 1}\nmodels: [{model: a.gguf}, {model: ./a.gguf}]");
        using var against = Plan("merge_method: ties\nbase_model: base.gguf\nparameters: {weight: 1}\nmodels: [{model: a.gguf}, {model: opposite.gguf}]");

        foreach (var conflict in equal.Conflicts())
        {
            conflict.SignConflict.ShouldBe(0, 1e-9);
            conflict.SubspaceOverlap.GetValueOrDefault(1).ShouldBe(1, 1e-4);
            conflict.SharedNeurons.GetValueOrDefault(1).ShouldBe(1);
        }
        against.Conflicts().ShouldAllBe(conflict => conflict.SignConflict > 0.999 && conflict.Cosine < -0.999);
    }

    MergePlan Plan(string yaml, MergeOptions? options = null) => MergeRecipe.Parse(yaml, _folder.File("recipe.yml")).Plan(options);

    Checkpoint Merge(string yaml)
    {
        var target = _folder.File($"{Guid.NewGuid():N}.gguf");
        using var plan = Plan(yaml);
        plan.Save(target);
        return CheckpointFile.Open(target);
    }

    static float[] Floats(Checkpoint checkpoint, string name) => [.. checkpoint.Open(name).Floats];
}
