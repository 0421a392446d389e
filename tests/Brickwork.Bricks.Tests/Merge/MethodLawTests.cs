using Brickwork.Bricks.Merge.Methods;
using Brickwork.TestKit;
using FsCheck;
using FsCheck.Fluent;
using static Brickwork.Bricks.Tests.Merge.SetS;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>What holds of merges whatever the numbers are.</summary>
public sealed class MethodLawTests
{
    static readonly Tolerance Rounding = new(1e-7, 1e-6, "one rounding of F32, and differences of a few");

    /// <summary>With their defaults: DARE, DELLA and TIES drop something only where density is below 1.</summary>
    public static TheoryData<string> AllMethods
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var name in MergeMethods.Names)
                names.Add(name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(AllMethods))]
    public void Merging_a_model_with_itself_returns_it(string name) => ForModels((origin, model) =>
    {
        var method = MergeMethods.Find(name)!;
        var count = Math.Min(2, method.MostSources);
        double[] weights = [.. Enumerable.Repeat(1.0 / count, count)];
        var needsBase = method.Base == Bricks.Merge.BaseUse.Required;

        // A base that equals its inputs: every difference is zero. Without one: equal inputs.
        var result = Run(name, needsBase ? model : null, [.. Enumerable.Repeat(model, count)], "t=.5", weights, shape: new Shape(4, model.Length / 4));

        ((ReadOnlySpan<float>)result).ShouldBeClose(model, Rounding, name);
    });

    [Theory]
    [InlineData("task_arithmetic"), InlineData("magnitude_prune"), InlineData("ties"), InlineData("dare_linear"), InlineData("dare_ties"), InlineData("della"), InlineData("della_linear")]
    [InlineData("breadcrumbs"), InlineData("breadcrumbs_ties"), InlineData("sce"), InlineData("ram"), InlineData("ramplus_tl"), InlineData("model_stock"), InlineData("multislerp"), InlineData("nuslerp")]
    public void Equal_inputs_whose_weights_add_up_to_one_are_that_input_whatever_the_base(string name) => ForModels((origin, model) =>
    {
        var result = Run(name, origin, [model, [.. model]], name.StartsWith("ram", StringComparison.Ordinal) ? "epsilon=0" : "", [.3, .7], shape: new Shape(4, model.Length / 4));

        ((ReadOnlySpan<float>)result).ShouldBeClose(model, Rounding, name);
    });

    [Theory]
    [InlineData("linear"), InlineData("passthrough"), InlineData("karcher"), InlineData("multislerp"), InlineData("ram"), InlineData("ramplus_tl")]
    [InlineData("task_arithmetic"), InlineData("ties"), InlineData("dare_linear"), InlineData("dare_ties"), InlineData("della"), InlineData("della_linear")]
    [InlineData("breadcrumbs"), InlineData("breadcrumbs_ties"), InlineData("magnitude_prune"), InlineData("sce")]
    public void Weight_one_returns_that_input(string name) => ForModels((origin, model) =>
    {
        var needsBase = MergeMethods.Find(name)!.Base == Bricks.Merge.BaseUse.Required;

        var result = Run(name, needsBase ? origin : null, [model], name.StartsWith("ram", StringComparison.Ordinal) ? "epsilon=0" : "", [1], shape: new Shape(4, model.Length / 4));

        ((ReadOnlySpan<float>)result).ShouldBeClose(model, Rounding, name);
    });

    [Fact]
    public void The_ends_of_slerp_are_its_inputs_bit_for_bit() => ForModels((a, b) =>
    {
        Run("slerp", a, [b], "t=0").ShouldBe(a);
        Run("slerp", a, [b], "t=1").ShouldBe(b);
    });

    [Fact]
    public void Model_stock_of_equal_inputs_is_that_input() => ForModels((origin, model) =>
        ((ReadOnlySpan<float>)Run("model_stock", origin, [model, model])).ShouldBeClose(model, Rounding));

    [Fact]
    public void Multislerp_of_opposite_inputs_of_any_length_is_a_straight_line() => ForModels((_, model) =>
    {
        float[] opposite = [.. model.Select(value => -3 * value)];

        ((ReadOnlySpan<float>)Run("multislerp", null, [model, opposite], "", [1, 1])).ShouldBeClose([.. model.Select(value => -value)], Rounding);
    });

    [Fact]
    public void What_was_added_can_be_subtracted_again() => ForModels((origin, model) =>
    {
        var added = Run("task_arithmetic", origin, [model], "", [0.3]);
        var back = Run("task_arithmetic", added, [[.. added.Zip(model.Zip(origin, (value, zero) => value - zero), (sum, delta) => sum - delta)]], "", [0.3]);

        ((ReadOnlySpan<float>)back).ShouldBeClose(origin, Tolerance.Within(1e-5, "two differences and two sums in F32"));
    });

    [Theory]
    [InlineData("dare_linear"), InlineData("dare_ties"), InlineData("della"), InlineData("della_linear")]
    public void Random_merges_repeat_and_change_with_the_seed_and_the_tensor(string name) => ForModels((origin, model) =>
    {
        var once = Run(name, origin, [model], "density=.5", [1], seed: 1);

        Run(name, origin, [model], "density=.5", [1], seed: 1).ShouldBe(once);
        Run(name, origin, [model], "density=.5", [1], seed: 2).ShouldNotBe(once);
        Run(name, origin, [model], "density=.5", [1], seed: 1, tensor: "other").ShouldNotBe(once);
    }, length: 256);

    [Fact]
    public void Dare_keeps_the_expectation_in_the_dialects_that_divide_by_the_density()
    {
        const int Seeds = 10_000;
        var sums = new double[8];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var merged = Run("dare_linear", new float[8], [A], "density=.4", [1], dialect: MergeDialect.Paper, seed: seed);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += merged[i] / Seeds;
        }

        for (var i = 0; i < sums.Length; i++)
            // Five standard errors of δ·√((1−d)/d)/√n.
            sums[i].ShouldBe(A[i], 5 * Math.Abs(A[i]) * Math.Sqrt(.6 / .4 / Seeds) + 1e-9);
    }

    static void ForModels(Action<float[], float[]> law, int length = 32) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => law(Values(seed, length), Values(seed + 7919, length))).QuickCheckThrowOnFailure();

    static float[] Values(int seed, int length)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian())];
    }
}
