using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>The linear assignment problem: to each row a column of its own, so that the sum of the chosen values is largest.</summary>
/// <remarks>Shortest augmenting paths with potentials (Jonker &amp; Volgenant 1987), O(n³). Of equal sums which one is found depends on the matrix alone.</remarks>
static class Assignment
{
    /// <summary>The column of each row of a square.</summary>
    public static int[] Best(Matrix values)
    {
        var n = values.Rows;
        var (rowPotential, columnPotential) = (new double[n], new double[n]);
        int[] rowOf = [.. Enumerable.Repeat(-1, n)];
        for (var row = 0; row < n; row++)
            Augment(values, row, rowPotential, columnPotential, rowOf);
        var result = new int[n];
        for (var column = 0; column < n; column++)
            result[rowOf[column]] = column;
        return result;
    }

    /// <summary>Gives one more row a column: along the cheapest path of changes.</summary>
    static void Augment(Matrix values, int start, double[] rowPotential, double[] columnPotential, int[] rowOf)
    {
        var n = rowOf.Length;
        double[] distance = [.. Enumerable.Repeat(double.PositiveInfinity, n)];
        var (before, done) = (new int[n], new bool[n]);
        Array.Fill(before, -1);
        var (row, column, length) = (start, -1, 0.0);
        while (true)
        {
            var next = -1;
            for (var j = 0; j < n; j++)
            {
                if (done[j])
                    continue;
                var cost = length - values[row, j] - rowPotential[row] - columnPotential[j];
                if (cost < distance[j])
                    (distance[j], before[j]) = (cost, column);
                if (next < 0 || distance[j] < distance[next])
                    next = j;
            }
            (column, length) = (next, distance[next]);
            done[column] = true;
            if (rowOf[column] < 0)
                break;
            row = rowOf[column];
        }
        // Potentials grow so that every cost stays 0 or more, and 0 along the path.
        rowPotential[start] += length;
        for (var j = 0; j < n; j++)
            if (done[j] && j != column)
            {
                rowPotential[rowOf[j]] += length - distance[j];
                columnPotential[j] -= length - distance[j];
            }
        while (column >= 0)
        {
            var previous = before[column];
            rowOf[column] = previous < 0 ? start : rowOf[previous];
            column = previous;
        }
    }
}
