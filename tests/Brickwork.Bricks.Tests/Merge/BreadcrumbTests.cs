using static Brickwork.Bricks.Tests.Merge.SetS;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>mergekit's own cases of model breadcrumbs (specs/bricks.md, section 4, case 1).</summary>
public sealed class BreadcrumbTests
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

    static float[] Gaussian(int seed, int count)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
