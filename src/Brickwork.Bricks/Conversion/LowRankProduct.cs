namespace Brickwork.Bricks.Conversion;

/// <summary>s·BA, value by value in F64; of the embedding, whose A is [V, r], by token and width.</summary>
/// <param name="Down">A, in F32.</param>
/// <param name="Up">B, in F32.</param>
/// <param name="Factor">s.</param>
/// <param name="IsTable">Whether it is that of the embedding.</param>
readonly record struct LowRankProduct(Tensor Down, Tensor Up, double Factor, bool IsTable)
{
    public int Rows => IsTable ? Down.Rows : Up.Rows;

    public int Columns => IsTable ? Up.Rows : Down.Columns;

    public double LargestDifference(LowRankProduct other)
    {
        var largest = 0.0;
        var (mine, theirs) = (new double[Columns], new double[Columns]);
        for (var row = 0; row < Rows; row++)
        {
            Fill(row, mine);
            other.Fill(row, theirs);
            for (var column = 0; column < mine.Length; column++)
                largest = Math.Max(largest, Math.Abs(mine[column] - theirs[column]));
        }
        return largest;
    }

    void Fill(int row, Span<double> values)
    {
        values.Clear();
        var rank = Up.Columns;
        var expert = !IsTable && Down.Shape.Rank == 3 ? row / (Up.Rows / (Down.Rows / rank)) : 0;
        for (var index = 0; index < rank; index++)
            if (IsTable)
                for (var (column, scale) = (0, (double)Down.Row(row)[index]); column < values.Length; column++)
                    values[column] += scale * Up.Row(column)[index];
            else
                AddScaled(Down.Row(expert * rank + index), Up.Row(row)[index], values);
        foreach (ref var value in values)
            value *= Factor;
    }

    static void AddScaled(ReadOnlySpan<float> line, double scale, Span<double> values)
    {
        for (var column = 0; column < values.Length; column++)
            values[column] += scale * line[column];
    }
}
