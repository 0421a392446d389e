namespace Brickwork.Tensors.LinearAlgebra;

/// <summary>Refuses what a factorization is not defined for.</summary>
static class MatrixChecks
{
    // Symmetric values may differ by what rounding to F32 leaves.
    const double Asymmetry = 1e-6;

    public static void RequireFinite(Matrix matrix, string name)
    {
        var place = Array.FindIndex(matrix.Values, value => !double.IsFinite(value));
        if (place >= 0)
            throw NotFinite(place / matrix.Columns, place % matrix.Columns, matrix.Rows, matrix.Columns, matrix.Values[place], name);
    }

    /// <summary>The same of values in F32, which may be many.</summary>
    public static void RequireFinite(in Tensor matrix, string name)
    {
        for (var row = 0; row < matrix.Rows; row++)
        {
            var values = matrix.Row(row);
            for (var column = 0; column < values.Length; column++)
                if (!float.IsFinite(values[column]))
                    throw NotFinite(row, column, matrix.Rows, matrix.Columns, values[column], name);
        }
    }

    static ArgumentException NotFinite(int row, int column, int rows, int columns, double value, string name) =>
        new($"A factorization takes finite values; [{row}, {column}] of the {rows} x {columns} matrix is {value}.", name);

    /// <summary>Square, finite and symmetric but for rounding.</summary>
    public static void RequireSymmetric(Matrix matrix, string name)
    {
        if (matrix.Rows != matrix.Columns)
            throw new ArgumentException($"A symmetric matrix is square; found {matrix.Rows} x {matrix.Columns}.", name);
        RequireFinite(matrix, name);
        var largest = matrix.Values.Select(Math.Abs).DefaultIfEmpty().Max();
        for (var row = 0; row < matrix.Rows; row++)
            for (var column = 0; column < row; column++)
                if (Math.Abs(matrix[row, column] - matrix[column, row]) > Asymmetry * largest)
                    throw new ArgumentException(
                        $"The matrix is not symmetric: [{row}, {column}] is {matrix[row, column]:G6}, [{column}, {row}] is "
                        + $"{matrix[column, row]:G6}. Take (A + Aᵀ) / 2 where that is meant.", name);
    }
}
