using System.Globalization;

namespace Brickwork.Cli.Training;

/// <summary>A curve in letters: each has two columns of four dots.</summary>
static class BraillePlot
{
    const int DotColumns = 2, DotRows = 4;
    const char Blank = '\u2800';

    // Which bit of a letter a dot is, by row and column.
    static readonly int[,] Bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    /// <summary>Draws values from left to right with the range at the left edge.</summary>
    /// <param name="values">Numbers that are no finite ones are left out.</param>
    /// <param name="share">How much of the width they fill, above 0, at most 1.</param>
    /// <param name="columns">Letters in a line.</param>
    /// <param name="rows">Lines.</param>
    public static IReadOnlyList<string> Draw(IReadOnlyList<double> values, double share, int columns, int rows)
    {
        var means = Means(values, Math.Max(1, (int)Math.Round(columns * DotColumns * share)));
        var finite = means.Where(double.IsFinite).ToList();
        if (finite.Count == 0)
            return [];
        var (low, high) = (finite.Min(), Highest(finite));
        var dots = new int[rows, columns];
        int? before = null;
        for (var x = 0; x < means.Length; x++)
        {
            if (!double.IsFinite(means[x]))
                continue;
            var y = Place(means[x], low, high, rows * DotRows);
            // A line to the dot before, so that a steep curve has no holes.
            for (var at = Math.Min(y, before ?? y); at <= Math.Max(y, before ?? y); at++)
                dots[at / DotRows, x / DotColumns] |= Bits[at % DotRows, x % DotColumns];
            before = y;
        }
        return [.. Enumerable.Range(0, rows).Select(row => Label(row, rows, low, high) + Line(dots, row, columns))];
    }

    /// <summary>A few high values, such as the losses of the first steps, would leave no room for the rest: they go along the upper edge.</summary>
    static double Highest(List<double> values)
    {
        const int Share = 20;
        return values.Order().ElementAt(values.Count - 1 - values.Count / Share);
    }

    static int Place(double value, double low, double high, int heights) =>
        high == low ? heights / 2 : (int)Math.Round((high - Math.Min(value, high)) / (high - low) * (heights - 1));

    static string Line(int[,] dots, int row, int columns) => string.Concat(Enumerable.Range(0, columns).Select(column => (char)(Blank + dots[row, column])));

    static string Label(int row, int rows, double low, double high) =>
        (row == 0 ? high : row == rows - 1 ? low : (double?)null) is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value,8:G4} ") : new string(' ', 9);

    /// <summary>Means of as many stretches as there are columns of dots; fewer values are spread out.</summary>
    static double[] Means(IReadOnlyList<double> values, int width)
    {
        var means = new double[values.Count == 0 ? 0 : width];
        for (var x = 0; x < means.Length; x++)
        {
            var first = (int)((long)x * values.Count / width);
            var last = Math.Max(first + 1, (int)((long)(x + 1) * values.Count / width));
            means[x] = values.Skip(first).Take(last - first).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        }
        return means;
    }
}
