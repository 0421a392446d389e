using Brickwork.Cli.Benchmarks;

namespace Brickwork.Cli.Tests.Benchmarks;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(new double[] { 7 }, 7)]
    [InlineData(new double[] { 9, 1, 5 }, 5)]
    [InlineData(new double[] { 9, 1, 5, 7 }, 6)]
    public void The_median_is_the_middle(double[] values, double median) => new Spread(values).Median.ShouldBe(median);

    [Fact]
    public void The_ends_are_the_ends()
    {
        var spread = new Spread([3, 1, 2]);

        spread.Smallest.ShouldBe(1);
        spread.Largest.ShouldBe(3);
    }
}
