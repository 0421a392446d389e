using System.Xml.Linq;
using Brickwork.Training.Metrics;
using Brickwork.Training.Reports;

namespace Brickwork.Training.Tests;

public sealed class ReportTests
{
    [Fact]
    public void The_page_holds_every_curve_and_needs_nothing_from_elsewhere()
    {
        var page = TrainingReport.Page("tiny <b>", 100, [new("steps", "100")], History(50));

        page.ShouldContain("tiny &lt;b&gt;");
        page.Split("<svg").Length.ShouldBe(6);
        page.ShouldContain("Step 50 of 100");
        page.ShouldContain("a &amp; b");
        foreach (var word in (string[])["http", "src=", "href", "NaN", "Infinity"])
            page.ShouldNotContain(word);
        page.ShouldContain("color-scheme:light dark");
    }

    [Fact]
    public void A_page_before_the_first_step_says_so() =>
        TrainingReport.Page("tiny", 100, [], new MetricsHistory()).ShouldContain("No step was done yet");

    [Fact]
    public void A_curve_of_many_points_is_thinned_and_stays_inside_its_plot()
    {
        var curve = new Curve("loss", [.. Enumerable.Range(0, 100_000).Select(i => ((double)i, i % 7 == 0 ? double.NaN : Math.Sin(i / 9000.0)))]);

        var svg = XElement.Parse(SvgPlot.Draw([curve]));

        var points = svg.Elements("polyline").Single().Attribute("points")!.Value.Split(' ').Select(pair => pair.Split(',').Select(double.Parse).ToArray()).ToList();
        points.Count.ShouldBe(600);
        points.ShouldAllBe(point => point[0] >= 0 && point[0] <= 720 && point[1] >= 0 && point[1] <= 260);
        points.Select(point => point[0]).ShouldBeInOrder();
    }

    [Fact]
    public void A_flat_curve_and_a_single_point_can_be_drawn()
    {
        SvgPlot.Draw([new Curve("flat", [(1, 2), (2, 2)])]).ShouldContain("polyline");
        SvgPlot.Draw([new Curve("one", [(1, 2)])]).ShouldContain("circle");
        SvgPlot.Draw([new Curve("none", [])]).ShouldBeEmpty();
    }

    static MetricsHistory History(int steps)
    {
        var history = new MetricsHistory();
        for (var step = 1; step <= steps; step++)
            history.Add(new StepRecord(new StepMetrics { Step = step, Loss = 5.0 / step, LearningRate = 1e-3, GradientNorm = 1, Tokens = step * 64, TokensPerSecond = 100, Seconds = step }));
        history.Add(new EvaluationRecord(new EvaluationMetrics { Step = steps, Domains = new Dictionary<string, DomainMetrics> { ["a & b"] = new(10, 5, 20), ["law"] = new(12, 5, 20) } }));
        history.Add(new SampleRecord(new SampleMetrics(steps, "Once", " upon <time>")));
        return history;
    }
}
