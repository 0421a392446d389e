namespace Brickwork.Tensors.LinearAlgebra;

/// <summary>An orthonormal basis of the space that the rows of a matrix span: the QR factorization of Aᵀ.</summary>
static class OrthonormalRows
{
    // What is left of a row that depends on those before is rounding.
    const double Dependent = 1e-13;

    /// <summary>Gram–Schmidt, each row twice, which is enough (Giraud et al. 2005).</summary>
    /// <param name="matrix">[k, n], k ≤ n.</param>
    /// <returns>
    /// The basis Q [k, n] and the upper triangular R [k, k] with matrix = Rᵀ·Q. A row that depends on those before it adds a direction
    /// orthogonal to all others, with a zero in R.
    /// </returns>
    public static (Matrix Basis, Matrix Upper) Of(Matrix matrix)
    {
        if (matrix.Rows > matrix.Columns)
            throw new ArgumentException($"{matrix.Rows} rows of {matrix.Columns} values depend on each other.", nameof(matrix));
        var basis = new Matrix(matrix.Rows, matrix.Columns, [.. matrix.Values]);
        var upper = new Matrix(matrix.Rows, matrix.Rows);
        for (var row = 0; row < matrix.Rows; row++)
        {
            var length = Length(basis.Row(row));
            Project(basis, row, upper);
            Project(basis, row, upper);
            var rest = Length(basis.Row(row));
            if (rest > Dependent * length)
                upper[row, row] = rest;
            else
                rest = Invent(basis, row);
            foreach (ref var value in basis.Row(row))
                value /= rest;
        }
        return (basis, upper);
    }

    /// <summary>Takes away what a row has of the rows before, and notes it.</summary>
    static void Project(Matrix basis, int row, Matrix? upper)
    {
        for (var earlier = 0; earlier < row; earlier++)
        {
            var along = Matrix.Dot(basis.Row(earlier), basis.Row(row));
            Matrix.AddScaled(basis.Row(earlier), -along, basis.Row(row));
            if (upper is not null)
                upper[earlier, row] += along;
        }
    }

    /// <summary>Makes a row of the unit vector that has most outside the rows before; returns its length.</summary>
    static double Invent(Matrix basis, int row)
    {
        var covered = new double[basis.Columns];
        for (var earlier = 0; earlier < row; earlier++)
            for (var column = 0; column < basis.Columns; column++)
                covered[column] += basis[earlier, column] * basis[earlier, column];
        basis.Row(row).Clear();
        basis[row, Array.IndexOf(covered, covered.Min())] = 1;
        Project(basis, row, null);
        Project(basis, row, null);
        return Length(basis.Row(row));
    }

    static double Length(ReadOnlySpan<double> row) => Math.Sqrt(Matrix.Dot(row, row));
}
