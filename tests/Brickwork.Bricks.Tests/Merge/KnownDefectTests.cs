using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Methods;
using Brickwork.TestKit;
using static Brickwork.Bricks.Tests.Merge.SetS;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Defects of other tools (specs/bricks.md, section 3.7): what ours does instead, and that strict compatibility copies them.</summary>
public sealed class KnownDefectTests
{
    static readonly float[] Zeros = new float[8];

    [Theory]
    [InlineData("0"), InlineData(".01")]
    public void Breadcrumbs_of_a_small_tensor_keep_their_difference(string gamma)
    {
        var ours = Run("breadcrumbs", Base, [A], $"density=.5 gamma={gamma}", [1]);

        // δ is .3 -.3 .05 -.3 .4 .2 .1 -.05: the four largest stay, no outlier goes.
        ours.AsSpan().ShouldMatch(".4 -.5 .3 .1 .9 0 -.7 .8");
        Run("breadcrumbs", Base, [A], $"density=.5 gamma={gamma}", [1], strict: true).ShouldBe(Base);
    }

    [Fact]
    public void Model_stock_stays_between_the_base_and_the_mean()
    {
        float[] opposite = [.. A.Zip(Base, (value, origin) => 2 * origin - value)];

        ((ReadOnlySpan<float>)Run("model_stock", Base, [A, opposite])).ShouldBeClose(Base, Tolerance.Roundings(2));
        Run("model_stock", Base, [A, B, C]).ShouldBe(Base);
    }

    [Fact]
    public void The_ratio_of_model_stock_runs_beyond_its_limits_under_strict_compatibility_only()
    {
        var gram = Gram.Of(SetS.Of(MergeMethods.Find("model_stock")!, Base, [A, B, C]), VectorAxis.Whole);
        var cosine = new[] { (I: 0, J: 1), (I: 0, J: 2), (I: 1, J: 2) }.Average(pair => gram[0, pair.I, pair.J] / (gram.Norm(0, pair.I) * gram.Norm(0, pair.J)));

        cosine.ShouldBe(-.3111952841, 1e-6);
        ModelStock.Ratio(gram, 0, 3, strict: true).ShouldBe(-2.4723584652, 1e-5);
        ModelStock.Ratio(gram, 0, 3, strict: false).ShouldBe(0);
    }

    [Fact]
    public void The_pole_of_model_stock_is_no_pole_here()
    {
        // Three directions 120 degrees apart have the mean cosine -1/2 = -1/(N-1).
        float[][] star = [[1, 0], [-.5f, MathF.Sqrt(.75f)], [-.5f, -MathF.Sqrt(.75f)]];

        Run("model_stock", [0, 0], star, shape: new Shape(1, 2)).ShouldBe([0, 0]);
        Math.Abs(ModelStock.Ratio(Gram.Of(SetS.Of(MergeMethods.Find("model_stock")!, [0, 0], star, shape: new Shape(1, 2)), VectorAxis.Whole), 0, 3, strict: true)).ShouldBeGreaterThan(1e5);
    }

    [Fact]
    public void Of_equal_magnitudes_the_lower_index_stays()
    {
        float[] equal = [1, -1, 1, 1, -1, 1, 1, 1];

        Run("magnitude_prune", Zeros, [equal], "density=.5", [1]).ShouldBe([1, -1, 1, 1, 0, 0, 0, 0]);
    }

    [Theory]
    [InlineData("density=.5 gamma=.25", "1 -1 1 1 0 0 0 0")]        // both cuts go through one run of equals
    [InlineData("density=.75 gamma=0", "1 -1 1 1 -1 1 0 0")]
    [InlineData("density=.5 gamma=.5", "1 -1 1 1 0 0 0 0")]
    public void Of_equal_magnitudes_the_lower_index_stays_in_breadcrumbs_too(string parameters, string expected)
    {
        float[] equal = [1, -1, 1, 1, -1, 1, 1, 1];

        Run("breadcrumbs", Zeros, [equal], parameters, [1]).AsSpan().ShouldMatch(expected);
    }

    [Fact]
    public void Equal_magnitudes_at_different_ends_of_breadcrumbs_keep_the_lower_index_each()
    {
        float[] values = [3, 1, 3, 2, 1, 2, 3, 1];

        Run("breadcrumbs", Zeros, [values], "density=.5 gamma=.25", [1]).ShouldBe([3, 1, 0, 2, 0, 2, 0, 0]);
    }

    [Fact]
    public void Of_equal_magnitudes_the_lower_index_is_the_likeliest_in_della()
    {
        const int Seeds = 2000;
        float[] equal = [.. Enumerable.Repeat(1f, 8)];
        var kept = new double[8];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var merged = Run("della_linear", Zeros, [equal], "density=.5 epsilon=.4 rescale=0", [1], shape: new Shape(1, 8), seed: seed);
            for (var i = 0; i < kept.Length; i++)
                kept[i] += merged[i] / Seeds;
        }

        for (var i = 0; i < kept.Length; i++)
            // Five standard errors of a share.
            kept[i].ShouldBe(.9 - .8 * i / 7, 5 * Math.Sqrt(.25 / Seeds));
    }

    [Theory]
    [InlineData("ties"), InlineData("magnitude_prune"), InlineData("breadcrumbs"), InlineData("breadcrumbs_ties"), InlineData("sce")]
    public void A_small_density_keeps_one_difference_of_a_small_tensor(string method)
    {
        float[] smaller = [.. A.Zip(Base, (value, origin) => origin + (value - origin) / 8)];
        var ours = Run(method, Base, method == "sce" ? [A, smaller] : [A], "density=.01 gamma=0 select_topk=.01", method == "sce" ? null : [1]);

        ours.Zip(Base, (value, origin) => value != origin).Count(changed => changed).ShouldBe(1);
        ours[4].ShouldNotBe(Base[4], "the largest difference");
    }

    [Fact]
    public void A_density_that_keeps_nothing_of_a_tensor_is_refused_by_name_where_mergekit_is_copied()
    {
        Should.Throw<RecipeException>(() => Run("ties", Base, [A], "density=.01", [1], strict: true)).Message.ShouldContain("Tensor 't'");
        Run("breadcrumbs", Base, [A], "density=.01 gamma=.25", [1], strict: true).ShouldBe(Base);
        Run("ties", Base, [A], "density=.01", [1], strict: true, dialect: MergeDialect.Peft).ShouldBe(Base);
    }

    [Fact]
    public void Della_refuses_probabilities_outside_their_range_before_anything_is_merged()
    {
        var method = MergeMethods.Find("della")!;
        var source = ParameterValues.Defaults(method.PerSource).Set("weight", 1).Set("density", .9).Set("epsilon", .2);

        method.Fault(ParameterValues.Defaults(method.Shared), [source], MergeDialect.Mergekit, strict: false)!.ShouldContain("0.9");
        method.Fault(ParameterValues.Defaults(method.Shared), [source], MergeDialect.Mergekit, strict: true)!.ShouldContain("0.9", customMessage: "mergekit raises there");
        method.Fault(ParameterValues.Defaults(method.Shared), [source.Set("epsilon", .05)], MergeDialect.Mergekit, strict: false).ShouldBeNull();
    }

    [Theory]
    [InlineData(MergeDialect.Mergekit), InlineData(MergeDialect.Peft), InlineData(MergeDialect.Paper)]
    public void Density_zero_leaves_the_base_and_no_NaN(MergeDialect dialect)
    {
        foreach (var method in (string[])["ties", "dare_linear", "dare_ties", "della", "magnitude_prune", "breadcrumbs"])
            Run(method, Base, [A, B], "density=0", [.5, .5], dialect: dialect).ShouldBe(Base, method);
    }

    [Theory]
    [InlineData("magnitude_prune", MergeDialect.Mergekit, "mergekit"), InlineData("ties", MergeDialect.Mergekit, "mergekit"), InlineData("ties", MergeDialect.Peft, null)]
    [InlineData("magnitude_prune", MergeDialect.Peft, null), InlineData("magnitude_prune", MergeDialect.Paper, null)]
    [InlineData("dare_linear", MergeDialect.Peft, "NaN"), InlineData("dare_ties", MergeDialect.Peft, "NaN"), InlineData("dare_linear", MergeDialect.Mergekit, null), InlineData("dare_ties", MergeDialect.Paper, null)]
    public void Density_zero_is_refused_where_the_tool_that_is_copied_fails(string name, MergeDialect dialect, string? word)
    {
        var method = MergeMethods.Find(name)!;
        string? Fault(bool strict) => method.Fault(ParameterValues.Defaults(method.Shared), [ParameterValues.Defaults(method.PerSource).Set("weight", 1).Set("density", 0)], dialect, strict);

        Fault(strict: false).ShouldBeNull();
        if (word is null)
            Fault(strict: true).ShouldBeNull();
        else
            Fault(strict: true)!.ShouldContain(word);
    }

    [Fact]
    public void Karcher_heeds_weights_unless_it_must_not()
    {
        var weighted = Run("karcher", null, [A, B], "", [.9, .1]);

        weighted.ShouldNotBe(Run("karcher", null, [A, B], "", [.5, .5]));
        Run("karcher", null, [A, B], "", [.9, .1], strict: true).ShouldBe(Run("karcher", null, [A, B], "", [.5, .5]));
    }

    [Fact]
    public void Multislerp_of_the_paper_is_the_weighted_mean_on_the_sphere()
    {
        // Two unit vectors at a right angle: a third of the way along the arc is thirty degrees.
        float[] x = [1, 0], y = [0, 1];

        var merged = Run("multislerp", null, [x, y], "", [2, 1], dialect: MergeDialect.Paper, shape: new Shape(1, 2));

        merged[0].ShouldBe(MathF.Cos(MathF.PI / 6), 1e-6f);
        merged[1].ShouldBe(MathF.Sin(MathF.PI / 6), 1e-6f);
    }

    [Fact]
    public void Opposite_directions_of_three_inputs_are_refused_by_name()
    {
        float[] minus = [.. A.Select(value => -value)];

        Should.Throw<RecipeException>(() => Run("multislerp", null, [A, minus, new float[8]], "", [1, 1, 1])).Message.ShouldContain("'t'");
    }

    [Theory]
    [InlineData(.1), InlineData(.37), InlineData(.9)]
    public void Pruning_keeps_a_whole_number_of_elements(double density)
    {
        var random = new SeededRandom(3);
        float[] values = [.. Enumerable.Range(0, 128 * 64).Select(_ => (float)random.NextGaussian())];

        var pruned = Run("magnitude_prune", new float[values.Length], [values], FormattableString.Invariant($"density={density}"), [1], shape: new Shape(128, 64));

        pruned.Count(value => value != 0).ShouldBe((int)(density * values.Length));
    }

    [Theory]
    [InlineData(.1), InlineData(.2), InlineData(.5), InlineData(1)]
    public void Outliers_go_first_and_then_the_smallest(double share)
    {
        const double Density = .6;
        var random = new SeededRandom(3);
        float[] values = [.. Enumerable.Range(0, 128 * 64).Select(_ => (float)random.NextGaussian())];
        var gamma = share * (1 - Density);

        var pruned = Run("breadcrumbs", new float[values.Length], [values], FormattableString.Invariant($"density={Density} gamma={gamma}"), [1], shape: new Shape(128, 64));

        var kept = pruned.Where(value => value != 0).Select(Math.Abs).ToList();
        kept.Count.ShouldBe((int)(Density * values.Length));
        values.Count(value => Math.Abs(value) > kept.Max()).ShouldBe((int)(gamma * values.Length));
    }

    [Theory]
    [InlineData("dare_linear"), InlineData("della_linear"), InlineData("magnitude_prune"), InlineData("ties")]
    public void Rescaling_keeps_the_sum_of_magnitudes(string method)
    {
        var random = new SeededRandom(3);
        float[] values = [.. Enumerable.Range(0, 128 * 64).Select(_ => (float)random.NextGaussian())];

        var merged = Run(method, new float[values.Length], [values], "density=.5 rescale=1", [1], shape: new Shape(128, 64));

        merged.Count(value => value != 0).ShouldBeInRange(values.Length * 4 / 10, values.Length * 6 / 10);
        merged.Sum(value => (double)Math.Abs(value)).ShouldBe(values.Sum(value => (double)Math.Abs(value)), 1e-2);
    }
}
