namespace Brickwork.Laws.Gradients;

/// <summary>The shapes that gradients of rows are tried with: tails of all vector widths, and one that is shared among threads.</summary>
static class Shapes
{
    public static readonly IReadOnlyList<(int Rows, int Columns)> All = [(1, 5), (3, 2), (5, 33), (2, 130), (401, 96)];

    /// <summary>A function of each row by itself.</summary>
    public static double[] ByRow(double[] x, int columns, Func<double[], double[]> function) => [.. x.Chunk(columns).SelectMany(function)];
}
