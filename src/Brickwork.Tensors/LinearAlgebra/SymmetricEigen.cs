namespace Brickwork.Tensors.LinearAlgebra;

/// <summary>A symmetric matrix as A = V·diag(λ)·Vᵀ with orthonormal columns of V.</summary>
/// <param name="Values">λ, ascending.</param>
/// <param name="Vectors">V, one eigenvector a column; signs are arbitrary.</param>
sealed partial record SymmetricEigen(double[] Values, Matrix Vectors)
{
    /// <exception cref="ArgumentException">The matrix is not symmetric or not finite.</exception>
    public static SymmetricEigen Of(Matrix matrix)
    {
        MatrixChecks.RequireSymmetric(matrix, nameof(matrix));
        // With all eigenvalues moved to where none is negative, singular values and eigenvalues are one.
        var bound = Enumerable.Range(0, matrix.Rows).Select(row => matrix.Row(row).ToArray().Sum(Math.Abs)).DefaultIfEmpty().Max();
        var moved = SingularValues.Of(matrix.Symmetrized().Map((row, column, value) => row == column ? value + bound : value));
        var products = matrix * moved.Left;
        double[] values = [.. Enumerable.Range(0, matrix.Rows).Select(k =>
            Enumerable.Range(0, matrix.Rows).Sum(row => moved.Left[row, k] * products[row, k]))];
        int[] order = [.. Enumerable.Range(0, matrix.Rows).OrderBy(k => values[k])];
        return new([.. order.Select(k => values[k])], moved.Left.Map((row, column, _) => moved.Left[row, order[column]]));
    }
}
