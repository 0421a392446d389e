using System.Globalization;
using Brickwork.TestKit;
using static Brickwork.Bricks.Tests.Merge.SetS;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Reference results of mergekit's and PEFT's own functions (specs/bricks.md, section 5).</summary>
public sealed class GoldenVectorTests
{
    static readonly double[] Thirds = [.5, .3, .2];

    [Theory]
    [InlineData("linear", ".6 .4", ".2 -.34 .53 .26 .76 0 -.72 1.01")]
    [InlineData("nuslerp", ".6 .4", ".210026 -.358889 .563843 .277337 .804451 -.002049 -.7647 1.073643")]
    public void Two_inputs_by_weight(string method, string weights, string expected) =>
        Run(method, null, [A, B], "", Numbers(weights)).AsSpan().ShouldMatch(expected);

    [Fact]
    public void Slerp_from_A_to_B() =>
        Run("slerp", A, [B], "t=.35").AsSpan().ShouldMatch(".234959 -.378264 .539151 .256058 .819937 .023518 -.747075 1.0372");

    [Theory]
    [InlineData("nuslerp_flatten=0", ".225502 -.388186 .616644 .30443 .787045 -.001238 -.747185 1.048702")]
    [InlineData("nuslerp_flatten=0 nuslerp_row_wise=1", ".207408 -.476101 .532661 .261531 .792819 -.016172 -.723516 1.015625")]
    public void Nuslerp_along_an_axis(string parameters, string expected) =>
        Run("nuslerp", null, [A, B], parameters, [.6, .4]).AsSpan().ShouldMatch(expected);

    [Fact]
    public void Multislerp_without_and_with_a_base()
    {
        Run("multislerp", null, [A, B, C], "", Thirds).AsSpan().ShouldMatch(".254357 -.274889 .499259 .411477 .739302 .051084 -.891409 1.016984");
        Run("multislerp", Base, [A, B, C], "", Thirds).AsSpan().ShouldMatch(".426159 -.366429 .697618 .254357 .95909 .109522 -.897938 1.09801");
    }

    [Fact]
    public void Karcher_mean() =>
        Run("karcher", null, [A, B, C]).AsSpan().ShouldMatch(".199717 -.135511 .503204 .565445 .606054 .01056 -1.006432 1.040676");

    [Theory]
    [InlineData("task_arithmetic", "", ".2 -.22 .465 .39 .635 .02 -.81 .935")]
    [InlineData("ties", "density=.5", ".4 -.5 .8 .1 .9 -.3 -1.2 1.4")]
    [InlineData("ties", "density=.5 normalize=0 lambda=.5", ".175 -.275 .375 .325 .6 -.045 -.75 .89")]
    [InlineData("breadcrumbs", "density=.5 gamma=.25", ".19 -.22 .29 .4 .42 .01 -.71 .78")]
    [InlineData("breadcrumbs_ties", "density=.5 gamma=.25", ".25 -.35 .29 .4 .42 .1 -.76 .78")]
    [InlineData("sce", "select_topk=1", ".232765 .119916 .630485 .747405 .681845 -.3 -1.064937 1.4")]
    [InlineData("sce", "select_topk=.5", ".1 .161538 .3 .794231 .715345 0 -.7 1.4")]
    [InlineData("ram", "", ".15 -.1 .466667 .516667 .516667 -.016667 -.9 .95")]
    public void Three_inputs_and_a_base(string method, string parameters, string expected) =>
        Run(method, Base, [A, B, C], parameters, Thirds).AsSpan().ShouldMatch(expected);

    [Fact]
    public void Nearswap_from_the_base_to_A() =>
        Run("nearswap", Base, [A], "t=.05").AsSpan().ShouldMatch(".15 -.25 .35 .35 .55 .05 -.65 .75");

    [Theory]
    [InlineData("ram", ".3 -.4 .3 .4")]
    [InlineData("ramplus_tl", ".3 -.404 .3 .4")]
    public void What_one_input_alone_has_changed_counts_whole_or_more(string method, string expected)
    {
        float[] shared = [.1f + .3f, .0f, .3f, .4f, .5f, 0, -.7f, .8f];
        float[] own = [.1f + .1f, -.4f, .3f, .4f, .5f, 0, -.7f, .8f];
        shared[1] = Base[1];

        Run(method, Base, [shared, own]).AsSpan(0, 4).ShouldMatch(expected);
    }

    [Fact]
    public void Model_stock_beyond_its_limits_under_strict_compatibility() =>
        Run("model_stock", Base, [A, B, C], strict: true).AsSpan().ShouldMatch("-.023618 -.447236 -.11206 .111558 .458794 .041206 -.205528 .429146");

    [Theory]
    [InlineData("task_arithmetic", "", ".1 -.02 .165 -.01 .135 .02 -.11 .135")]
    [InlineData("magnitude_prune", "density=.5", ".09 -.05 .15 -.04 .12 -.09 -.1 .18")]
    [InlineData("ties", "density=.5", ".15 .1 .15 .11 -.08 -.09 -.1 .18")]
    [InlineData("ties", "density=.5 frequency=1", ".15 .1 .15 .11 .2 -.09 -.1 .18")]
    public void Differences_as_peft_merges_them(string method, string parameters, string expected) =>
        Run(method, new float[8], [Minus(A), Minus(B), Minus(C)], parameters, Thirds, dialect: MergeDialect.Peft).AsSpan().ShouldMatch(expected);

    [Fact]
    public void The_largest_half_with_the_norm_of_the_whole() =>
        Run("magnitude_prune", new float[8], [Minus(A)], "density=.5 rescale=1").AsSpan().ShouldMatch(".392308 -.392308 0 -.392308 .523077 0 0 0");

    [Fact]
    public void Differences_as_mergekit_merges_them() =>
        Run("ties", new float[8], [Minus(A), Minus(B), Minus(C)], "density=.5", Thirds).AsSpan().ShouldMatch(".3 -.3 .5 -.3 .4 -.3 -.5 .6");

    static float[] Minus(float[] model) => [.. model.Zip(Base, (value, origin) => value - origin)];

    static double[] Numbers(string text) => [.. text.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
}

static class GoldenAssertions
{
    public static void ShouldMatch(this Span<float> actual, string expected)
    {
        float[] values = [.. expected.Split(' ').Select(part => float.Parse(part, CultureInfo.InvariantCulture))];
        ((ReadOnlySpan<float>)actual).ShouldBeClose(values, Printed);
    }
}
