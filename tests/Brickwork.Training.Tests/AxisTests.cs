using Brickwork.Training.Reports;

namespace Brickwork.Training.Tests;

public sealed class AxisTests
{
    [Theory]
    [InlineData(1, 1526, "200 400 600 800 1,000 1,200 1,400")]
    [InlineData(0, 100, "0 20 40 60 80 100")]
    [InlineData(2.113, 2.468, "2.15 2.20 2.25 2.30 2.35 2.40 2.45")]
    [InlineData(0, 0.003, "0.0000 0.0005 0.0010 0.0015 0.0020 0.0025 0.0030")]
    [InlineData(-0.3, 0.4, "-0.3 -0.2 -0.1 0.0 0.1 0.2 0.3 0.4")]
    [InlineData(5800, 12300, "6,000 7,000 8,000 9,000 10,000 11,000 12,000")]
    [InlineData(0, 4e-9, "0 5E-10 1E-09 1.5E-09 2E-09 2.5E-09 3E-09 3.5E-09 4E-09")]
    public void Marks_are_round_numbers_within_the_ends(double low, double high, string marks) =>
        string.Join(' ', new Axis(low, high).Marks(8).Select(mark => mark.Text)).ShouldBe(marks);

    [Fact]
    public void Steps_have_no_halves() =>
        string.Join(' ', new Axis(1, 3).Marks(8, finest: 1).Select(mark => mark.Text)).ShouldBe("1 2 3");

    [Fact]
    public void Values_that_differ_by_rounding_are_one_value_with_room_around_it()
    {
        Axis.Of([1e12, 1e12 + 1e-3]).ShouldBe(new Axis(1e12 - (1e12 + 1e-3) / 2, 1e12 + 1e-3 + (1e12 + 1e-3) / 2));
        Axis.Of([0.0]).ShouldBe(new Axis(-0.5, 0.5));
        Axis.Of([-3.0, 5.0]).ShouldBe(new Axis(-3, 5));
    }
}
