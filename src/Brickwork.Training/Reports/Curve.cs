namespace Brickwork.Training.Reports;

/// <summary>A line of a plot.</summary>
/// <param name="Name">Stands beside its colour.</param>
/// <param name="Points">From left to right; numbers that are not finite are left out.</param>
sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>The means of as many stretches as asked for, where there are more points: what a page can show.</summary>
    public Curve Thinned(int most)
    {
        var finite = Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList();
        if (finite.Count <= most)
            return this with { Points = finite };
        return this with
        {
            Points = [.. Enumerable.Range(0, most).Select(index =>
            {
                var first = (int)((long)index * finite.Count / most);
                var some = finite[first..(int)((long)(index + 1) * finite.Count / most)];
                return (some.Average(point => point.X), some.Average(point => point.Y));
            })],
        };
    }
}
