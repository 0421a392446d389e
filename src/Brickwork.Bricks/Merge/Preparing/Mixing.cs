namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>New neurons made of old ones: each is a sum over some of them. An order of them is the case where each is one.</summary>
/// <param name="Members">The old neurons of each new one.</param>
/// <param name="Factors">What the sum of a new neuron's rows is multiplied with; null = 1. Columns are summed as they are.</param>
sealed record Mixing(int[][] Members, double[]? Factors = null)
{
    public static Mixing Order(IEnumerable<int> old) => new([.. old.Select(index => (int[])[index])]);

    /// <summary>The same for groups of neighbours, such as the values of a head.</summary>
    public Mixing Widened(int width) => new(
        [.. Members.SelectMany(members => Enumerable.Range(0, width).Select(value => (int[])[.. members.Select(member => member * width + value)]))],
        Factors is null ? null : [.. Factors.SelectMany(factor => Enumerable.Repeat(factor, width))]);

    public float[] OfRows(float[] values, int columns)
    {
        var result = new float[Members.Length * columns];
        for (var row = 0; row < Members.Length; row++)
            for (var column = 0; column < columns; column++)
            {
                var sum = 0.0;
                foreach (var member in Members[row])
                    sum += values[member * columns + column];
                result[row * columns + column] = (float)(sum * (Factors?[row] ?? 1));
            }
        return result;
    }

    public float[] OfColumns(float[] values, int columns)
    {
        var rows = values.Length / columns;
        var result = new float[rows * Members.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < Members.Length; column++)
            {
                var sum = 0.0;
                foreach (var member in Members[column])
                    sum += values[row * columns + member];
                result[row * Members.Length + column] = (float)sum;
            }
        return result;
    }
}
