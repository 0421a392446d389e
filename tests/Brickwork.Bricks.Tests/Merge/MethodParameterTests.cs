using Brickwork.TestKit;
using static Brickwork.Bricks.Tests.Merge.SetS;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Every parameter of a method does what its name says, at its limits, too.</summary>
public sealed class MethodParameterTests
{
    static readonly double[] Thirds = [.5, .3, .2];

    [Fact]
    public void Linear_without_normalization_is_the_sum() =>
        ShouldBe(Run("linear", null, [A, B], "normalize=0", [.6, .8]), Combined(null, (A, .6), (B, .8)));

    [Theory]
    [InlineData(0), InlineData(.5), InlineData(-2)]
    public void Passthrough_multiplies_with_its_scale(double scale) =>
        ShouldBe(Run("passthrough", null, [A], FormattableString.Invariant($"scale={scale}")), Combined(null, (A, scale)));

    [Theory]
    [InlineData(.01f, true), InlineData(.1f, false)]
    public void Slerp_of_nearly_parallel_inputs_is_a_straight_line(float sideways, bool isLine)
    {
        // Cosines of .9999875 and .99875 around the limit of .9995.
        foreach (var sign in (float[])[1, -1])
        {
            float[] from = [1, 0], to = [2 * sign, sideways * sign];
            var angle = Math.Acos(to[0] / Math.Sqrt(Dot(to, to)));

            var merged = Run("slerp", from, [to], "t=.3", shape: new Shape(1, 2));

            ShouldBe(merged, isLine ? Combined(null, (from, .7), (to, .3)) : Combined(null, (from, Math.Sin(.7 * angle) / Math.Sin(angle)), (to, Math.Sin(.3 * angle) / Math.Sin(angle))));
        }
    }

    [Theory]
    [InlineData(.6, .4, .4), InlineData(1, -1, .5), InlineData(0, 0, .5), InlineData(3, 1, .25)]
    public void Nuslerp_between_differences_goes_as_far_as_the_second_weighs(double first, double second, double t)
    {
        var (a, b) = (Minus(A), Minus(B));
        var angle = Math.Acos(Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b)));

        ShouldBe(Run("nuslerp", Base, [A, B], "", [first, second]), Combined(Base, (a, Math.Sin((1 - t) * angle) / Math.Sin(angle)), (b, Math.Sin(t * angle) / Math.Sin(angle))));
    }

    [Fact]
    public void Nuslerp_of_parallel_differences_is_a_straight_line()
    {
        float[] twice = [.. Base.Zip(A, (origin, value) => 2 * value - origin)];

        ShouldBe(Run("nuslerp", Base, [A, twice], "", [1, 3]), Combined(Base, (Minus(A), .25), (Minus(twice), .75)));
    }

    [Fact]
    public void Multislerp_of_two_opposite_inputs_is_a_straight_line()
    {
        float[] opposite = [.. A.Select(value => -2 * value)];

        ShouldBe(Run("multislerp", null, [A, opposite], "", [.5, .5]), Combined(null, (A, -.5)));
    }

    [Fact]
    public void Multislerp_without_normalization_is_as_long_as_the_weights_say()
    {
        var normalized = Run("multislerp", null, [A, B, C], "", Thirds);

        ShouldBe(Run("multislerp", null, [A, B, C], "", [1, .6, .4]), Combined(null, (normalized, 1)));
        ShouldBe(Run("multislerp", null, [A, B, C], "normalize_weights=0", [1, .6, .4]), Combined(null, (normalized, 2)));
    }

    [Fact]
    public void Eps_of_multislerp_is_the_length_below_which_directions_cancel()
    {
        ShouldBe(Run("multislerp", null, [A, B], "eps=10", [.6, .4]), Combined(null, (A, .6), (B, .4)));
        Should.Throw<RecipeException>(() => Run("multislerp", null, [A, B, C], "eps=10", Thirds));
    }

    [Fact]
    public void Karcher_counts_inputs_of_nothing_for_the_length_alone()
    {
        ShouldBe(Run("karcher", null, [A, new float[8]]), Combined(null, (A, .5)));
        Run("karcher", null, [new float[8], new float[8]]).ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Karcher_keeps_inputs_however_short()
    {
        // mergekit calls everything shorter than 'tol' nothing.
        float[] small = [.. A.Select(value => value * 1e-7f)];

        ShouldBe(Run("karcher", null, [small, small]), Combined(null, (small, 1)));
        Run("karcher", null, [small, small], strict: true).ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Karcher_comes_nearer_with_every_step_until_its_tolerance()
    {
        double[] pulls = [.. ((string[])["max_iter=1 tol=0", "max_iter=2 tol=0", "max_iter=100 tol=0"]).Select(parameters => Pull(Run("karcher", null, [A, B, C], parameters)))];

        pulls[1].ShouldBeLessThan(pulls[0] / 2);
        pulls[2].ShouldBeLessThan(1e-6);
        Pull(Run("karcher", null, [A, B, C], "max_iter=100 tol=.05")).ShouldBeInRange(1e-6, .05);
    }

    [Fact]
    public void Della_keeps_each_difference_by_its_rank_in_its_row()
    {
        const int Seeds = 4000;
        // In the second row other columns are larger, and all are larger than the first row's.
        float[] values = [1, 2, 3, 4, 5, 500, 400, 300, 200, 100];
        var kept = new int[values.Length];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var merged = Run("della_linear", new float[values.Length], [values], "density=.5 epsilon=.3 rescale=0", [1], shape: new Shape(2, 5), seed: seed);
            for (var i = 0; i < values.Length; i++)
                kept[i] += merged[i] != 0 ? 1 : 0;
        }

        double[] expected = [.2, .35, .5, .65, .8, .8, .65, .5, .35, .2];
        for (var i = 0; i < values.Length; i++)
            (kept[i] / (double)Seeds).ShouldBe(expected[i], 5 * Math.Sqrt(.25 / Seeds), $"element {i}");
    }

    [Theory]
    [InlineData("", 1.01), InlineData("r=.5", 1.05), InlineData("alpha=.04", 1.004), InlineData("alpha=0", 1), InlineData("r=0", 1)]
    public void Ramplus_enlarges_what_is_alone_by_how_much_is_shared_within_its_limits(string parameters, double factor)
    {
        // Ten values of the first model alone and one of both: a ratio of a tenth.
        float[] first = [.. Enumerable.Repeat(1f, 11), 0], second = [.. new float[10], 3, 0];

        var merged = Run("ramplus_tl", new float[12], [first, second], parameters);

        merged[..10].ShouldAllBe(value => Math.Abs(value - factor) < 1e-6);
        merged[10..].ShouldBe([2, 0]);
    }

    [Fact]
    public void Ram_leaves_out_what_is_below_epsilon() => Run("ram", Base, [A], "epsilon=.15").AsSpan().ShouldMatch(".4 -.5 .3 .1 .9 .2 -.7 .8");

    [Fact]
    public void Nearswap_takes_all_or_nothing_at_its_ends()
    {
        Run("nearswap", Base, [A], "t=0").ShouldBe(Base);
        ShouldBe(Run("nearswap", Base, [A], "t=10"), Combined(null, (A, 1)));
    }

    [Fact]
    public void Lambda_and_normalize_of_differences_multiply_and_divide()
    {
        ShouldBe(Run("task_arithmetic", Base, [A, B], "lambda=.5", [2, 1]), Combined(Base, (Minus(A), 1), (Minus(B), .5)));
        ShouldBe(Run("task_arithmetic", Base, [A, B], "normalize=1", [3, 1]), Combined(Base, (Minus(A), .75), (Minus(B), .25)));
    }

    [Fact]
    public void Without_rescaling_dare_leaves_what_it_keeps_as_it_is()
    {
        var merged = Run("dare_linear", new float[8], [A], "density=.5 rescale=0", [1], seed: 2);

        merged.Where((value, i) => value != 0 && value != A[i]).ShouldBeEmpty();
        merged.Count(value => value != 0).ShouldBeInRange(1, 7);
    }

    /// <summary>How far the logarithms of the inputs are from adding up to nothing.</summary>
    static double Pull(float[] mean)
    {
        double[] unit = Unit(mean);
        var sum = new double[mean.Length];
        foreach (var input in (float[][])[A, B, C])
        {
            var own = Unit(input);
            var cosine = own.Zip(unit, (x, y) => x * y).Sum();
            var angle = Math.Acos(cosine);
            for (var i = 0; i < sum.Length; i++)
                sum[i] += angle / Math.Sin(angle) * (own[i] - cosine * unit[i]) / 3;
        }
        return Math.Sqrt(sum.Sum(value => value * value));
    }

    static double[] Unit(float[] values) => [.. values.Select(value => value / Math.Sqrt(Dot(values, values)))];

    static float[] Minus(float[] model) => [.. model.Zip(Base, (value, origin) => value - origin)];

    static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    static float[] Combined(float[]? origin, params (float[] Values, double Factor)[] terms) =>
        [.. Enumerable.Range(0, terms[0].Values.Length).Select(i => (float)((origin?[i] ?? 0) + terms.Sum(term => term.Factor * term.Values[i])))];

    static void ShouldBe(float[] actual, float[] expected) => ((ReadOnlySpan<float>)actual).ShouldBeClose(expected, new Tolerance(3e-7, 1e-6, "differences in F32, sums in double"));
}
