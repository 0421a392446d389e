using System.Globalization;
using System.Net;
using System.Text;

namespace Brickwork.Training.Reports;

/// <summary>A plot of curves over steps as an SVG element, each in a hue of its own; the rest of the colours come from the page.</summary>
static class SvgPlot
{
    const int Width = 720, Height = 260, Left = 80, Right = 24, Top = 12, Bottom = 28, MarksAcross = 8, MarksUp = 6, MostPoints = 600;

    public static string Draw(IReadOnlyList<Curve> curves)
    {
        List<Curve> shown = [.. curves.Select(curve => curve.Thinned(MostPoints)).Where(curve => curve.Points.Count > 0)];
        if (shown.Count == 0)
            return "";
        var across = Axis.Of([.. shown.SelectMany(curve => curve.Points).Select(point => point.X)]);
        var up = Axis.Of([.. shown.SelectMany(curve => curve.Points).Select(point => point.Y)]);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">");
        Grid(svg, across, up);
        foreach (var (curve, index) in shown.Select((curve, index) => (curve, index)))
        {
            var points = string.Join(' ', curve.Points.Select(point => Pair(X(across, point.X), Y(up, point.Y))));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline stroke=\"{Colour(index, shown.Count)}\" points=\"{points}\"><title>{WebUtility.HtmlEncode(curve.Name)}</title></polyline>");
            if (curve.Points is [var only])
                svg.Append(CultureInfo.InvariantCulture, $"<circle fill=\"{Colour(index, shown.Count)}\" r=\"3\" cx=\"{X(across, only.X):F1}\" cy=\"{Y(up, only.Y):F1}\"/>");
        }
        svg.Append("</svg>");
        if (shown.Count > 1)
            svg.Append("<p class=\"legend\">").AppendJoin(' ', shown.Select((curve, index) => $"<span style=\"color:{Colour(index, shown.Count)}\">{WebUtility.HtmlEncode(curve.Name)}</span>")).Append("</p>");
        return svg.ToString();
    }

    /// <summary>Hues as far apart as the number of curves allows, neighbours in the legend lighter and darker in turn; readable on white and on black.</summary>
    static string Colour(int index, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"hsl({(215 + 360 * index / count) % 360} 70% {(index % 2 == 0 ? 45 : 60)}%)");

    static void Grid(StringBuilder svg, Axis across, Axis up)
    {
        foreach (var (value, text) in up.Marks(MarksUp))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(up, value):F1}\" y2=\"{Y(up, value):F1}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Y(up, value) + 4:F1}\" text-anchor=\"end\">{text}</text>");
        }
        // There are no half steps.
        foreach (var (value, text) in across.Marks(MarksAcross, finest: 1))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{X(across, value):F1}\" x2=\"{X(across, value):F1}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom + 5}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(across, value):F1}\" y=\"{Height - 8}\" text-anchor=\"middle\">{text}</text>");
        }
    }

    static double X(Axis across, double value) => Left + across.Share(value) * (Width - Left - Right);

    static double Y(Axis up, double value) => Height - Bottom - up.Share(value) * (Height - Top - Bottom);

    static string Pair(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{x:F1},{y:F1}");
}
