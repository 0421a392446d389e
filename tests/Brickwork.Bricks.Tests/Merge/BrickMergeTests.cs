using Brickwork.Bricks.Merge.LowRank;
using Brickwork.Bricks.Merge.Methods;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>LoRA bricks merged into one: PEFT's <c>add_weighted_adapter</c>, and what of it is put right.</summary>
public sealed class BrickMergeTests : IDisposable
{
    static readonly Tolerance Sums = new(2e-6, 2e-6, "products of ranks up to eight in F32");
    static readonly string[] Names = ["one", "two"];

    readonly TemporaryFolder _folder = new();
    readonly LanguageModel _model = PicoModel.Llama(new LoadOptions { Precision = Precision.Exact });
    readonly List<Brick> _bricks = [];

    public BrickMergeTests()
    {
        foreach (var (name, index) in Names.Select((name, index) => (name, index)))
        {
            // α ≠ r, so that a factor that is used twice or not at all shows.
            var brick = PicoBricks.Make("lora", _model, seed: index + 1).Describe(manifest => manifest with { Id = name });
            brick.Save(_folder.File(name + ".brick"));
            _bricks.Add(brick);
        }
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("cat"), InlineData("linear")]
    public void Sums_are_exact_and_ranks_add_up(string method)
    {
        var merged = Merge(method);

        merged.Error.ShouldBe(0);
        merged.Brick.Rank.ShouldBe(8);
        foreach (var target in Targets(merged.Brick))
            Change(merged.Brick, target).ShouldBeClose(Sum(target, .5, .25), Sums, target);
    }

    [Fact]
    public void A_merged_brick_plugs_as_its_inputs_together_do()
    {
        using var merged = _model.Plug(Merge("cat").Brick);
        using var one = _model.Plug(_bricks[0], .5f);
        using var both = one.Plug(_bricks[1], .25f);

        ((ReadOnlySpan<float>)MergedWeightsTests.Logits(merged)).ShouldBeClose(MergedWeightsTests.Logits(both), new Tolerance(2e-4, 2e-4, "sums in another order"));
    }

    [Fact]
    public void Svd_of_the_full_rank_is_the_sum_and_of_a_lower_one_the_nearest_to_it()
    {
        var whole = Merge("svd", "rank: 8");
        var cut = Merge("svd", "rank: 4");

        foreach (var target in Targets(whole.Brick))
            Change(whole.Brick, target).ShouldBeClose(Sum(target, .5, .25), new Tolerance(1e-5, 1e-5, "a factorization in double, factors rounded to F32"), target);
        cut.Brick.Rank.ShouldBe(4);
        cut.Error.ShouldBeInRange(.01, .8);
        // The factors share their size: √S with each.
        var (down, up) = (Squares(cut.Brick, "blk.0.attn_q.weight.lora_a"), Squares(cut.Brick, "blk.0.attn_q.weight.lora_b"));
        down.ShouldBe(up, 1e-4 * up);
    }

    [Fact]
    public void Peft_doubles_the_factor_of_svd_and_ours_does_not_unless_it_must()
    {
        var ours = Merge("svd", "rank: 8", new MergeOptions { Dialect = MergeDialect.Peft });
        var theirs = Merge("svd", "rank: 8", new MergeOptions { Dialect = MergeDialect.Peft, StrictCompatibility = true });

        // s = α/r = 2.
        foreach (var target in Targets(ours.Brick))
            Change(theirs.Brick, target).ShouldBeClose([.. Change(ours.Brick, target).Select(value => 2 * value)], new Tolerance(1e-5, 1e-5, "two factorizations"), target);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void What_is_merged_is_the_change_itself_under_the_dialect_of_peft_too(string method)
    {
        // Both inputs whole: whatever a method drops or votes on, a product of one brick's B with another's A would show.
        foreach (var target in Targets(_bricks[0]))
        {
            var changes = _bricks.Select(brick => Change(brick, target)).ToArray();
            var elements = MergeMethods.Find(method.Replace("_svd", "", StringComparison.Ordinal)) is { } known && known.PerSource.Any(parameter => parameter.Name == "density") ? known.Name : "task_arithmetic";
            var expected = SetS.Run(elements, new float[changes[0].Length], changes, "", [.5, .25], dialect: MergeDialect.Peft, shape: new Shape(1, changes[0].Length), tensor: target);

            var merged = Merge(method, MergeRecipe.BrickMethods.Contains(method) && method != "cat" ? "rank: 64" : "", new MergeOptions { Dialect = MergeDialect.Peft });

            Change(merged.Brick, target).ShouldBeClose(expected, new Tolerance(1e-5, 1e-5, "a factorization of full rank"), $"{method} {target}");
        }
    }

    [Theory]
    [InlineData("cat", ""), InlineData("linear", ""), InlineData("linear", "rank: 3"), InlineData("svd", "rank: 64"), InlineData("ties", ""), InlineData("dare_linear_svd", "rank: 5")]
    public void A_plan_knows_the_bytes_of_its_brick(string method, string parameters)
    {
        foreach (var strict in (bool[])[false, true])
        {
            var plan = Recipe(method, parameters).PlanBricks(new MergeOptions { Dialect = MergeDialect.Peft, StrictCompatibility = strict });

            plan.Writes.ShouldBe(plan.Run().Brick.Bytes, $"{method} {parameters} strict: {strict}");
        }
    }

    [Fact]
    public void Factors_of_different_ranks_cannot_be_added_as_peft_does()
    {
        new NewLora { Id = "wide", Targets = new("layers.*.attention.query"), Rank = 6 }.Make(_model).Save(_folder.File("wide.brick"));
        var recipe = MergeRecipe.Parse("merge_method: linear\nparameters: {weight: 1}\nbricks: [one.brick, wide.brick]", _folder.File("r.yml"));

        recipe.PlanBricks(new MergeOptions { Dialect = MergeDialect.Peft }).Run().Brick.Rank.ShouldBe(10);
        var fault = Should.Throw<RecipeException>(() => recipe.PlanBricks(new MergeOptions { Dialect = MergeDialect.Peft, StrictCompatibility = true }).Run());
        fault.Message.ShouldContain("'blk.0.attn_q.weight' has different ranks in the bricks (4, 6)");
        fault.NextStep.ShouldContain("--strict-compat");
    }

    [Fact]
    public void Linear_of_peft_has_cross_terms_where_its_defects_are_asked_for()
    {
        const string Target = "blk.0.attn_q.weight";
        var peft = Merge("linear", options: new MergeOptions { Dialect = MergeDialect.Peft, StrictCompatibility = true });
        var (first, second) = (BrickFactors.Read(_bricks[0], Target)[0], BrickFactors.Read(_bricks[1], Target)[0]);
        var (a, b) = (Math.Sqrt(.5 * first.Factor), Math.Sqrt(.25 * second.Factor));

        peft.Brick.Rank.ShouldBe(4);
        float[] expected = [.. Values(first.Up, first.Down, a * a).Zip(Values(second.Up, second.Down, b * b), Values(first.Up, second.Down, a * b))
            .Zip(Values(second.Up, first.Down, a * b), (sums, cross) => (float)(sums.First + sums.Second + sums.Third + cross))];
        Change(peft.Brick, Target).ShouldBeClose(expected, Sums);
    }

    [Fact]
    public void A_negative_weight_takes_a_brick_away_in_every_space()
    {
        foreach (var (dialect, strict) in ((MergeDialect, bool)[])[(MergeDialect.Mergekit, false), (MergeDialect.Peft, false), (MergeDialect.Peft, true)])
        {
            var merged = MergeRecipe.Parse("merge_method: linear\nbricks: [{brick: one.brick, parameters: {weight: -0.5}}]", _folder.File("r.yml"))
                .PlanBricks(new MergeOptions { Dialect = dialect, StrictCompatibility = strict }).Run();

            foreach (var target in Targets(merged.Brick))
                Change(merged.Brick, target).ShouldBeClose(Sum(target, -.5, 0), Sums, target);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_merges_under_every_dialect_and_keeps_one_brick_as_it_is(string method)
    {
        foreach (var dialect in Enum.GetValues<MergeDialect>())
        {
            var recipe = MergeRecipe.Parse($"merge_method: {method}\nbricks: [{{brick: one.brick, parameters: {{weight: 1}}}}]", _folder.File("r.yml"));
            var merged = recipe.PlanBricks(new MergeOptions { Dialect = dialect }).Run();

            foreach (var target in Targets(merged.Brick))
                Change(merged.Brick, target).ShouldBeClose(Sum(target, 1, 0), new Tolerance(1e-5, 1e-5, "a factorization in double, factors rounded to F32"), $"{method} {dialect} {target}");
        }
    }

    public static TheoryData<string> Methods() => [.. MergeRecipe.BrickMethods];

    [Theory]
    [InlineData("dare_linear"), InlineData("dare_ties"), InlineData("dare_linear_svd"), InlineData("magnitude_prune"), InlineData("ties_svd")]
    public void Density_zero_leaves_nothing_and_no_NaN(string method)
    {
        foreach (var dialect in (MergeDialect[])[MergeDialect.Mergekit, MergeDialect.Peft])
            foreach (var tensor in Merge(method, "density: 0", new MergeOptions { Dialect = dialect }).Brick.Tensors.Values)
                foreach (var value in tensor.Floats)
                    value.ShouldBe(0);
    }

    [Fact]
    public void Ties_is_worked_on_the_products_and_agrees_with_a_merge_of_models()
    {
        const string Target = "blk.1.attn_v.weight";
        var merged = Merge("ties_svd", "density: 0.5, rank: 64");
        var expected = SetS.Run("ties", new float[16 * PicoModel.Width], [Sum(Target, 1, 0), Sum(Target, 0, 1)], "density=.5", [.5, .25], shape: new Shape(16, PicoModel.Width), tensor: Target);

        Change(merged.Brick, Target).ShouldBeClose(expected, new Tolerance(1e-5, 1e-5, "a factorization of full rank"));
    }

    [Fact]
    public void Targets_that_one_brick_alone_has_are_its_own_and_filters_choose()
    {
        PicoBricks.Make("rslora", _model).Describe(manifest => manifest with { Id = "forward" }).Save(_folder.File("forward.brick"));
        var merged = MergeRecipe.Parse("""
            merge_method: cat
            parameters: {weight: [{filter: ffn_up, value: 0.5}, {value: 1}]}
            bricks: [one.brick, forward.brick]
            """, _folder.File("r.yml")).PlanBricks().Run().Brick;

        Targets(merged).Count.ShouldBe(6 + 6);
        var forward = Brick.Open(_folder.File("forward.brick"));
        Change(merged, "blk.0.ffn_up.weight").ShouldBeClose([.. Change(forward, "blk.0.ffn_up.weight").Select(value => value / 2)], Sums);
        Change(merged, "blk.0.ffn_down.weight").ShouldBeClose(Change(forward, "blk.0.ffn_down.weight"), Sums);
    }

    [Theory]
    [InlineData("merge_method: cat\nbricks: [dora.brick]\nparameters: {weight: 1}", "Dora")]
    [InlineData("merge_method: slerp\nbricks: [one.brick]", "slerp")]
    [InlineData("merge_method: cat\nbricks: [one.brick]", "weight")]
    [InlineData("merge_method: cat\nbricks: [none.brick]\nparameters: {weight: 1}", "none.brick")]
    [InlineData("merge_method: cat\nbricks: [one.brick]\nparameters: {weight: 1, rank: 3}", "rank")]
    [InlineData("merge_method: cat\nbricks: [one.brick]\nmodels: [a.gguf]\nparameters: {weight: 1}", "exactly one")]
    [InlineData("merge_method: cat\nbricks: [one.brick, other.brick]\nparameters: {weight: 1}", "expected bricks of one model")]
    [InlineData("merge_method: cat\nname: a/b\nbricks: [one.brick]\nparameters: {weight: 1}", "'name' is 'a/b'")]
    [InlineData("merge_method: ties\nbricks: [one.brick]\nparameters: {weight: [{filter: nothing, value: 1}, {value: 1}]}", "nothing")]
    [InlineData("merge_method: cat\nbricks: [one.brick]\nparameters: {weight: [{filter: atn_q, value: 1}, {value: 1}]}", "such as 'blk.0.attn_q.weight'")]
    [InlineData("merge_method: cat\nbricks: [one.brick]\nparameters: {weight: 1}\ndtype: float16", "'dtype'")]
    [InlineData("merge_method: cat\nbricks: [one.brick]\nparameters: {weight: 1}\ntokenizer_source: base", "'tokenizer'")]
    [InlineData("merge_method: cat\nbricks: [one.brick]\nparameters: {weight: 1}\nchat_template: x", "'chat_template'")]
    public void What_does_not_fit_is_refused(string recipe, string word)
    {
        PicoBricks.Make("dora", _model).Save(_folder.File("dora.brick"));
        _bricks[0].Describe(manifest => manifest with { Id = "other", Parent = "0123" }).Save(_folder.File("other.brick"));

        Should.Throw<Exception>(() => MergeRecipe.Parse(recipe, _folder.File("r.yml")).PlanBricks())
            .ShouldSatisfyAllConditions(fault => (fault is RecipeException or UnsupportedModelException).ShouldBeTrue(fault.ToString()), fault => fault.Message.ShouldContain(word));
    }

    [Fact]
    public void Conflicts_of_a_brick_and_its_opposite_are_total()
    {
        Flip(_bricks[0]).Save(_folder.File("minus.brick"));
        var conflicts = MergeRecipe.Parse("merge_method: cat\nbricks: [one.brick, minus.brick]\nparameters: {weight: 1}", _folder.File("r.yml")).PlanBricks().Conflicts();

        conflicts.Count.ShouldBe(6);
        conflicts.ShouldAllBe(conflict => conflict.SignConflict > .999 && conflict.Cosine < -.999);
    }

    static Brick Flip(Brick brick)
    {
        var tensors = new OrderedDictionary<string, Tensor>();
        foreach (var (name, tensor) in brick.Tensors)
        {
            var copy = tensor.ToFloats();
            if (name.EndsWith(BrickTensors.LoraUp, StringComparison.Ordinal))
                foreach (ref var value in copy.Floats)
                    value = -value;
            tensors.Add(name, copy);
        }
        return new Brick(brick.Manifest with { Id = "minus" }, tensors);
    }

    BrickMergeResult Merge(string method, string parameters = "", MergeOptions? options = null) => Recipe(method, parameters).PlanBricks(options).Run();

    MergeRecipe Recipe(string method, string parameters) => MergeRecipe.Parse($$$"""
        merge_method: {{{method}}}
        parameters: { {{{parameters}}} }
        bricks:
          - {brick: one.brick, parameters: {weight: 0.5}}
          - {brick: two.brick, parameters: {weight: 0.25}}
        """, _folder.File("r.yml"));

    static IReadOnlyList<string> Targets(Brick brick) => BrickFactors.TargetsOf(brick);

    static float[] Change(Brick brick, string target) => [.. BrickFactors.Read(brick, target)[0].Product().Values.Select(value => (float)value)];

    float[] Sum(string target, double first, double second) =>
        [.. Change(_bricks[0], target).Zip(Change(_bricks[1], target), (a, b) => (float)(first * a + second * b))];

    static double Squares(Brick brick, string tensor) => brick.Tensors[tensor].Floats.ToArray().Sum(value => (double)value * value);

    static double[] Values(Tensors.LinearAlgebra.Matrix up, Tensors.LinearAlgebra.Matrix down, double factor) => [.. (up * down).Values.Select(value => value * factor)];
}

static class ChangeAssertions
{
    public static void ShouldBeClose(this float[] actual, float[] expected, Tolerance tolerance, string? label = null) =>
        ((ReadOnlySpan<float>)actual).ShouldBeClose(expected, tolerance, label ?? "");
}
