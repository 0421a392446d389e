namespace Brickwork.Tensors.LinearAlgebra;

/// <summary>A matrix as A = U·diag(s)·Vᵀ; U is [m, k], V is [n, k], k = min(m, n), both with orthonormal columns.</summary>
/// <param name="Left">U; signs are arbitrary, but those of U and V belong together.</param>
/// <param name="Values">s, descending, not negative.</param>
/// <param name="Right">V.</param>
sealed partial record SingularValues(Matrix Left, double[] Values, Matrix Right)
{
    /// <exception cref="ArgumentException">The matrix is not finite.</exception>
    public static SingularValues Of(Matrix matrix)
    {
        MatrixChecks.RequireFinite(matrix, nameof(matrix));
        if (matrix.Rows < matrix.Columns)
        {
            var turned = Of(matrix.Transposed());
            return new(turned.Right, turned.Values, turned.Left);
        }
        // A = Q·R and R = W·diag(s)·Vᵀ: the rotations work on a square.
        var (basis, square) = OrthonormalRows.Of(matrix.Transposed());
        var inner = OfSquare(square);
        return new(basis.Transposed() * inner.Left, inner.Values, inner.Right);
    }

    /// <summary>J·R has orthogonal rows, s[k] times those of Vᵀ; so R = Jᵀ·diag(s)·Vᵀ.</summary>
    static SingularValues OfSquare(Matrix matrix)
    {
        var turns = RowRotations.Orthogonalize(matrix);
        double[] lengths = [.. Enumerable.Range(0, matrix.Rows).Select(row => Math.Sqrt(Matrix.Dot(matrix.Row(row), matrix.Row(row))))];
        int[] order = [.. Enumerable.Range(0, matrix.Rows).OrderByDescending(row => lengths[row])];
        // Rows without length get a direction that is orthogonal to the others.
        var right = OrthonormalRows.Of(Matrix.Of(matrix.Rows, matrix.Columns, (row, column) => matrix[order[row], column])).Basis;
        var left = Matrix.Of(turns.Rows, turns.Rows, (row, column) => turns[order[column], row]);
        return new(left, [.. order.Select(row => lengths[row])], right.Transposed());
    }
}
