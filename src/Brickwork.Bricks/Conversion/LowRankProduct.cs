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
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
                largest = Math.Max(largest, Math.Abs(Of(row, column) - other.Of(row, column)));
        return largest;
    }

    double Of(int row, int column)
    {
        var (rank, sum) = (Up.Columns, 0.0);
        if (IsTable)
        {
            for (var index = 0; index < rank; index++)
                sum += (double)Down.Row(row)[index] * Up.Row(column)[index];
            return Factor * sum;
        }
        var expert = Down.Shape.Rank == 3 ? row / (Up.Rows / (Down.Rows / rank)) : 0;
        for (var index = 0; index < rank; index++)
            sum += (double)Up.Row(row)[index] * Down.Row(expert * rank + index)[column];
        return Factor * sum;
    }
}
