using Brickwork.Cli.Training;

namespace Brickwork.Cli.Tests.Verbs;

public sealed class BraillePlotTests
{
    [Fact]
    public void A_falling_line_goes_from_the_upper_left_to_the_lower_right()
    {
        var lines = BraillePlot.Draw([.. Enumerable.Range(0, 8).Select(x => 8.0 - x)], 1, columns: 4, rows: 2);

        lines.ShouldBe(["       8 \u2819\u28a6\u2840\u2800", "       1 \u2800\u2800\u2819\u28a6"]);
    }

    [Fact]
    public void A_curve_fills_as_much_of_the_width_as_is_done()
    {
        var line = BraillePlot.Draw([1, 1, 1, 1], 0.5, columns: 10, rows: 1).Single();

        line[9..].TrimEnd('\u2800').Length.ShouldBe(5);
    }

    [Fact]
    public void A_steep_beginning_leaves_room_for_the_rest()
    {
        var lines = BraillePlot.Draw([100, .. Enumerable.Range(0, 19).Select(x => 19.0 - x)], 1, columns: 10, rows: 2);

        lines[0].ShouldStartWith("      19 \u2809");
        lines[1].ShouldStartWith("       1 ");
    }

    [Fact]
    public void Numbers_that_are_not_finite_leave_no_dot()
    {
        BraillePlot.Draw([double.NaN, double.PositiveInfinity], 1, 10, 3).ShouldBeEmpty();
        BraillePlot.Draw([], 1, 10, 3).ShouldBeEmpty();
        BraillePlot.Draw([1, double.NaN, 2], 1, 10, 3).Count.ShouldBe(3);
    }

    [Fact]
    public void More_values_than_dots_are_averaged()
    {
        var lines = BraillePlot.Draw([.. Enumerable.Range(0, 10_000).Select(i => i % 2 == 0 ? 0.0 : 2)], 1, columns: 5, rows: 1);

        lines.Single().Trim().ShouldStartWith("1 ");
    }
}
