using System.Globalization;
using System.Net;
using System.Text;

namespace Brickwork.Training.Reports;

/// <summary>A plot of curves over steps as an SVG element, each in a hue of its own; the rest of the colours come from the page.</summary>
static class SvgPlot
{
    const int Width = 720, Height = 260, Left = 80, Right = 24, Top = 12, Bottom = 28, Ticks = 4, MostPoints = 600;

    public static string Draw(IReadOnlyList<Curve> curves)
    {
        List<Curve> shown = [.. curves.Select(curve => curve.Thinned(MostPoints)).Where(curve => curve.Points.Count > 0)];
        if (shown.Count == 0)
            return "";
        var (left, right) = Range(shown, point => point.X);
        var (low, high) = Range(shown, point => point.Y);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">");
        Grid(svg, left, right, low, high);
        foreach (var (curve, index) in shown.Select((curve, index) => (curve, index)))
        {
            var points = string.Join(' ', curve.Points.Select(point => Pair(Across(point.X, left, right), Down(point.Y, low, high))));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline stroke=\"{Colour(index, shown.Count)}\" points=\"{points}\"><title>{WebUtility.HtmlEncode(curve.Name)}</title></polyline>");
            if (curve.Points is [var only])
                svg.Append(CultureInfo.InvariantCulture, $"<circle fill=\"{Colour(index, shown.Count)}\" r=\"3\" cx=\"{Across(only.X, left, right):F1}\" cy=\"{Down(only.Y, low, high):F1}\"/>");
        }
        svg.Append("</svg>");
        if (shown.Count > 1)
            svg.Append("<p class=\"legend\">").AppendJoin(' ', shown.Select((curve, index) => $"<span style=\"color:{Colour(index, shown.Count)}\">{WebUtility.HtmlEncode(curve.Name)}</span>")).Append("</p>");
        return svg.ToString();
    }

    /// <summary>Hues as far apart as the number of curves allows, neighbours in the legend lighter and darker in turn; readable on white and on black.</summary>
    static string Colour(int index, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"hsl({(215 + 360 * index / count) % 360} 70% {(index % 2 == 0 ? 45 : 60)}%)");

    static void Grid(StringBuilder svg, double left, double right, double low, double high)
    {
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var (x, y) = (left + (right - left) * tick / Ticks, low + (high - low) * tick / Ticks);
            var (across, down) = (Across(x, left, right), Down(y, low, high));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{down:F1}\" y2=\"{down:F1}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{down + 4:F1}\" text-anchor=\"end\">{y:G4}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{across:F1}\" y=\"{Height - 8}\" text-anchor=\"middle\">{x:F0}</text>");
        }
    }

    static (double Low, double High) Range(List<Curve> curves, Func<(double X, double Y), double> of)
    {
        var values = curves.SelectMany(curve => curve.Points).Select(of).ToList();
        var (low, high) = (values.Min(), values.Max());
        return low < high ? (low, high) : (low - 0.5, high + 0.5);
    }

    static double Across(double x, double left, double right) => Left + (x - left) / (right - left) * (Width - Left - Right);

    static double Down(double y, double low, double high) => Height - Bottom - (y - low) / (high - low) * (Height - Top - Bottom);

    static string Pair(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{x:F1},{y:F1}");
}
