using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Methods;
using Brickwork.TestKit;
using static Brickwork.Bricks.Tests.Merge.SetS;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>mergekit's own cases of sparsification (specs/bricks.md, section 4, case 1), and parameters that other tests leave at their defaults.</summary>
public sealed class SparsifyTests
{
    static readonly Shape Shape = new(128, 64);
    static readonly float[] Values = Gaussian(3, 128 * 64);
    static readonly float[] Zeros = new float[128 * 64];

    public static TheoryData<double, double> OutlierGrid()
    {
        var grid = new TheoryData<double, double>();
        foreach (var share in (double[])[.1, .2, .5, 1])
            foreach (var density in (double[])[.1, .3, .5, .6, .9, 1])
                grid.Add(share, density);
        return grid;
    }

    [Theory]
    [MemberData(nameof(OutlierGrid))]
    public void Breadcrumbs_keep_as_many_as_the_density_says_whatever_goes_at_the_top(double share, double density)
    {
        var pruned = Run("breadcrumbs", Zeros, [Values], FormattableString.Invariant($"density={density} gamma={share * (1 - density)}"), [1], shape: Shape);

        pruned.Count(value => value != 0).ShouldBe((int)(density * Values.Length));
    }

    [Theory]
    [InlineData(0), InlineData(.01), InlineData(.25)]
    public void Outliers_go_from_the_top_and_the_rest_from_the_bottom(double gamma)
    {
        float[] values = [.. Enumerable.Range(1, 12).Select(value => (float)value)];
        var largest = 12 - (int)(gamma * 12);

        var kept = Run("breadcrumbs", new float[12], [values], FormattableString.Invariant($"density=.5 gamma={gamma}"), [1], shape: new Shape(4, 3));

        kept.ShouldBe(values.Select(value => value > largest - 6 && value <= largest ? value : 0));
    }

    [Theory]
    [InlineData("magnitude_prune"), InlineData("ties")]
    public void Density_zero_is_refused_where_mergekit_is_copied(string name)
    {
        var method = MergeMethods.Find(name)!;
        var source = ParameterValues.Defaults(method.PerSource).Set("weight", 1).Set("density", 0);

        method.Fault(ParameterValues.Defaults(method.Shared), [source], MergeDialect.Mergekit, strict: true)!.ShouldContain("mergekit refuses");
        method.Fault(ParameterValues.Defaults(method.Shared), [source], MergeDialect.Mergekit, strict: false).ShouldBeNull();
    }

    [Fact]
    public void Dare_without_rescaling_leaves_what_it_keeps_as_it_is()
    {
        var merged = Run("dare_linear", Zeros, [Values], "density=.5 rescale=0", [1], shape: Shape);

        // Five standard errors of a share.
        ((double)merged.Count(value => value != 0)).ShouldBe(Values.Length / 2.0, 5 * Math.Sqrt(Values.Length) / 2);
        merged.Zip(Values, (kept, value) => kept == 0 || kept == value).ShouldAllBe(same => same);
    }

    [Fact]
    public void Nuslerp_with_a_base_and_weights_that_cancel_goes_half_the_way()
    {
        var half = Run("nuslerp", Base, [A, B], "", [.5, .5]);

        Run("nuslerp", Base, [A, B], "", [1, -1]).ShouldBe(half);
        float[] moved = [.. half.Zip(Base, (value, origin) => value - origin)];
        var plain = Run("nuslerp", null, [[.. A.Zip(Base, (value, origin) => value - origin)], [.. B.Zip(Base, (value, origin) => value - origin)]], "", [.5, .5]);
        ((ReadOnlySpan<float>)moved).ShouldBeClose(plain, Tolerance.Within(1e-6, "differences in F32"));
    }

    [Fact]
    public void Multislerp_of_two_opposite_directions_is_their_weighted_mean()
    {
        float[] minus = [.. A.Select(value => -value)];

        // u − u = 0 at equal weights: .5·a + .5·(−3a).
        ((ReadOnlySpan<float>)Run("multislerp", null, [A, [.. minus.Select(value => 3 * value)]], "eps=1e-6", [1, 1])).ShouldBeClose(minus, Tolerance.Roundings(3));
    }

    [Fact]
    public void Multislerp_without_normalized_weights_scales_with_their_sum()
    {
        var normalized = Run("multislerp", null, [A, B, C], "", [.5, .3, .2]);

        ((ReadOnlySpan<float>)Run("multislerp", null, [A, B, C], "normalize_weights=0", [1, .6, .4])).ShouldBeClose([.. normalized.Select(value => 2 * value)], Tolerance.Roundings(3));
        ((ReadOnlySpan<float>)Run("multislerp", null, [A, B, C], "", [1, .6, .4])).ShouldBeClose(normalized, Tolerance.Roundings(3));
    }

    [Fact]
    public void Karcher_stops_at_its_limits_and_counts_zero_tensors_for_the_length_only()
    {
        float[] x = [10, 0], y = [0, 10], zero = [0, 0], far = [30, 0];
        var shape = new Shape(1, 2);

        var one = Run("karcher", null, [x, y, far], "max_iter=1 tol=0", shape: shape);
        var many = Run("karcher", null, [x, y, far], "max_iter=100 tol=1e-12", shape: shape);
        var loose = Run("karcher", null, [x, y, far], "max_iter=100 tol=.7", shape: shape);

        // Two of three at angle 0, one at 90°: the mean lies at 30°. A step from the mean direction, 26.57°, comes nearer; a tolerance that is longer than the step takes none.
        Angle(many).ShouldBe(30, 1e-4);
        Math.Abs(Angle(one) - 30).ShouldBeLessThan(30 - Angle(loose));
        Angle(loose).ShouldBe(Math.Atan(.5) * 180 / Math.PI, 1e-4);
        ((ReadOnlySpan<float>)Run("karcher", null, [x, zero], shape: shape)).ShouldBeClose([5, 0], Tolerance.Roundings(2));
    }

    [Fact]
    public void A_linear_sum_that_is_not_normalized_is_the_sum() =>
        ((ReadOnlySpan<float>)Run("linear", null, [A, B], "normalize=0", [2, -1])).ShouldBeClose([.. A.Zip(B, (a, b) => 2 * a - b)], Tolerance.Roundings(3));

    [Fact]
    public void Slerp_between_nearly_parallel_inputs_is_a_straight_line()
    {
        float[] longer = [.. A.Select((value, i) => 3 * value + (i == 0 ? .01f : 0))];

        ((ReadOnlySpan<float>)Run("slerp", A, [longer], "t=.25")).ShouldBeClose([.. A.Zip(longer, (a, b) => .75f * a + .25f * b)], Tolerance.Roundings(3));
    }

    [Theory]
    [InlineData(.05, 1 + .1 * .05), InlineData(.5, 1 + .1 * (1.0 / 3)), InlineData(0, 1)]
    public void What_one_alone_has_changed_is_enlarged_up_to_a_limit(double alpha, double factor)
    {
        // The first has changed three places alone and one with the other: shared / unique = 1/3.
        float[] first = [1, 2, 4, 8], second = [0, 0, 0, 2];

        var merged = Run("ramplus_tl", new float[4], [first, second], FormattableString.Invariant($"alpha={alpha}"), shape: new Shape(1, 4));

        ((ReadOnlySpan<float>)merged).ShouldBeClose([(float)factor, (float)(2 * factor), (float)(4 * factor), 5], Tolerance.Roundings(4));
    }

    [Fact]
    public void Passthrough_multiplies_by_its_scale() =>
        Run("passthrough", null, [A], "scale=-2.5").ShouldBe(A.Select(value => (float)(-2.5 * value)));

    static double Angle(float[] vector) => Math.Atan2(vector[1], vector[0]) * 180 / Math.PI;

    static float[] Gaussian(int seed, int count)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
