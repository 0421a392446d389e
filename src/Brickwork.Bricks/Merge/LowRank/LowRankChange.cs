using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.LowRank;

/// <summary>s·BA of one matrix.</summary>
/// <param name="Down">A, [r, n].</param>
/// <param name="Up">B, [m, r].</param>
/// <param name="Factor">s.</param>
sealed record LowRankChange(Matrix Down, Matrix Up, double Factor)
{
    // Up to here every singular value is found exactly; beyond, leading ones by iteration.
    const int ExactSide = 256;
    const int Iterations = 6;

    public int Rank => Down.Rows;

    /// <summary>s·BA, [m, n].</summary>
    public Matrix Product()
    {
        var product = Up * Down;
        foreach (ref var value in product.Values.AsSpan())
            value *= Factor;
        return product;
    }

    /// <summary>Σ w·s·BA exactly: the factors stand beside each other, and ranks add up.</summary>
    public static LowRankChange Concatenated(IReadOnlyList<(LowRankChange Change, double Weight)> changes)
    {
        var (rank, first) = (changes.Sum(entry => entry.Change.Rank), changes[0].Change);
        var down = new Matrix(rank, first.Down.Columns);
        var up = new Matrix(first.Up.Rows, rank);
        var at = 0;
        foreach (var (change, weight) in changes)
        {
            for (var index = 0; index < change.Rank; index++, at++)
            {
                Matrix.AddScaled(change.Down.Row(index), weight * change.Factor, down.Row(at));
                for (var row = 0; row < up.Rows; row++)
                    up[row, at] = change.Up[row, index];
            }
        }
        return new(down, up, 1);
    }

    /// <summary>The nearest change of a lower rank, with √S in both factors; itself where its rank is not above it.</summary>
    public LowRankChange Truncated(int rank)
    {
        if (Rank <= rank)
            return this;
        if (Rank > Math.Min(Down.Columns, Up.Rows))
            return OfExact(Product(), rank);
        // BA = (Qb·Rb)(Ra·Qa): the singular values are those of the small square between the two bases.
        var (right, squareRight) = OrthonormalRows.Of(Down);
        var (left, squareLeft) = OrthonormalRows.Of(Up.Transposed());
        var values = SingularValues.Of((squareLeft * squareRight.Transposed()).Map((_, _, value) => value * Factor));
        return Balanced(left.Transposed() * values.Left, values.Values, values.Right.Transposed() * right, rank);
    }

    /// <summary>The nearest change of that rank to a matrix, with √S in both factors.</summary>
    public static LowRankChange Of(Compute compute, Matrix matrix, int rank)
    {
        rank = Math.Min(rank, Math.Min(matrix.Rows, matrix.Columns));
        if (Math.Min(matrix.Rows, matrix.Columns) <= ExactSide)
            return OfExact(matrix, rank);
        var values = Tensor.Zeros(matrix.Rows, matrix.Columns);
        matrix.CopyTo(values);
        var leading = LeadingDirections.Of(compute, values, rank, seed: 0, Iterations);
        return Balanced(Matrix.From(leading.Left), leading.Values, Matrix.From(leading.Right).Transposed(), rank);
    }

    static LowRankChange OfExact(Matrix matrix, int rank)
    {
        var values = SingularValues.Of(matrix);
        return Balanced(values.Left, values.Values, values.Right.Transposed(), Math.Min(rank, values.Values.Length));
    }

    /// <param name="left">[m, k] columns.</param>
    /// <param name="values">[k].</param>
    /// <param name="right">[k, n] rows.</param>
    /// <param name="rank">How many of them are kept.</param>
    static LowRankChange Balanced(Matrix left, double[] values, Matrix right, int rank) => new(
        Matrix.Of(rank, right.Columns, (index, column) => Math.Sqrt(values[index]) * right[index, column]),
        Matrix.Of(left.Rows, rank, (row, index) => left[row, index] * Math.Sqrt(values[index])), 1);
}
