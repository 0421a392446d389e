namespace Brickwork.Tensors.Operations;

/// <summary>Adds up each run of U rows by weights: y[t] = Σ_u w[t, u] · x[t·U + u], u ascending.</summary>
static partial class WeightedSum
{
    /// <param name="compute">Threads.</param>
    /// <param name="x">[T·U, D].</param>
    /// <param name="weights">[T, U]; null = all are 1.</param>
    /// <param name="y">[T, D], which is not the memory of x.</param>
    public static void Run(Compute compute, in Tensor x, in Tensor? weights, in Tensor y)
    {
        var used = Used(x, weights, y);
        RowWork.Run(compute, y.Rows, x.Columns * used, new Work(x, weights, used, y));
    }

    /// <summary>How many rows are added up.</summary>
    static int Used(in Tensor x, in Tensor? weights, in Tensor y)
    {
        var used = y.Rows == 0 ? 0 : x.Rows / y.Rows;
        if (x.Rows != used * y.Rows || x.Columns != y.Columns || (weights is { } given && given.Shape.Count != x.Rows))
            throw new ArgumentException($"{x} by weights {weights} do not add up to {y}.", nameof(x));
        return used;
    }

    readonly struct Work(Tensor x, Tensor? weights, int used, Tensor y) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var sum = y.Row(row);
                sum.Clear();
                for (var place = row * used; place < (row + 1) * used; place++)
                {
                    var weight = weights is { } given ? given.Floats[place] : 1;
                    var values = x.Row(place);
                    for (var column = 0; column < sum.Length; column++)
                        sum[column] += weight * values[column];
                }
            }
        }
    }
}
