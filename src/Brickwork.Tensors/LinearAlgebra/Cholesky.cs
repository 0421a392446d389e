namespace Brickwork.Tensors.LinearAlgebra;

/// <summary>A symmetric positive definite matrix as A = L·Lᵀ with L lower triangular.</summary>
sealed partial class Cholesky
{
    Cholesky(Matrix lower) => Lower = lower;

    /// <summary>L; zero above the diagonal.</summary>
    public Matrix Lower { get; }

    /// <summary>ln det A = 2 Σ ln L[i, i].</summary>
    public double LogDeterminant => 2 * Enumerable.Range(0, Lower.Rows).Sum(i => Math.Log(Lower[i, i]));

    /// <exception cref="ArgumentException">The matrix is not symmetric, not finite or not positive definite.</exception>
    public static Cholesky Of(Matrix matrix)
    {
        MatrixChecks.RequireSymmetric(matrix, nameof(matrix));
        var lower = new Matrix(matrix.Rows, matrix.Columns);
        for (var row = 0; row < matrix.Rows; row++)
            for (var column = 0; column <= row; column++)
            {
                var rest = matrix[row, column] - Matrix.Dot(lower.Row(row)[..column], lower.Row(column)[..column]);
                if (column == row && !(rest > 0))
                    throw new ArgumentException(
                        $"The matrix is not positive definite: pivot {row} of {matrix.Rows} is {rest:G3}. "
                        + "Add a multiple of the identity, or use the eigenvalues.", nameof(matrix));
                lower[row, column] = column == row ? Math.Sqrt(rest) : rest / lower[column, column];
            }
        return new Cholesky(lower);
    }

    /// <summary>X with A·X = B, column by column.</summary>
    public Matrix Solve(Matrix right) => SolveTransposed(SolveLower(right));

    /// <summary>A⁻¹.</summary>
    public Matrix Inverse() => Solve(Matrix.Of(Lower.Rows, Lower.Rows, (row, column) => row == column ? 1 : 0)).Symmetrized();

    /// <summary>L⁻¹·B.</summary>
    Matrix SolveLower(Matrix right)
    {
        var solved = Copy(right);
        for (var row = 0; row < solved.Rows; row++)
        {
            for (var k = 0; k < row; k++)
                Matrix.AddScaled(solved.Row(k), -Lower[row, k], solved.Row(row));
            Divide(solved.Row(row), Lower[row, row]);
        }
        return solved;
    }

    /// <summary>L⁻ᵀ·B.</summary>
    Matrix SolveTransposed(Matrix right)
    {
        var solved = Copy(right);
        for (var row = solved.Rows - 1; row >= 0; row--)
        {
            for (var k = row + 1; k < solved.Rows; k++)
                Matrix.AddScaled(solved.Row(k), -Lower[k, row], solved.Row(row));
            Divide(solved.Row(row), Lower[row, row]);
        }
        return solved;
    }

    Matrix Copy(Matrix right) => right.Rows == Lower.Rows
        ? new Matrix(right.Rows, right.Columns, [.. right.Values])
        : throw new ArgumentException($"A matrix of {Lower.Rows} rows has no solution for {right.Rows} rows.", nameof(right));

    static void Divide(Span<double> row, double divisor)
    {
        foreach (ref var value in row)
            value /= divisor;
    }
}
