using System.Numerics;

namespace Brickwork.Tensors.LinearAlgebra;

/// <summary>A matrix in double precision, row by row: what factorizations work on.</summary>
sealed class Matrix
{
    /// <summary>A matrix of zeros, or a view of values that are there already.</summary>
    public Matrix(int rows, int columns, double[]? values = null)
    {
        (Rows, Columns) = (rows, columns);
        Values = values ?? new double[checked(rows * columns)];
        if (Values.Length != checked(rows * columns))
            throw new ArgumentException($"{rows} x {columns} are {rows * columns} values; found {Values.Length}.", nameof(values));
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Row by row.</summary>
    public double[] Values { get; }

    public double this[int row, int column]
    {
        get => Values[row * Columns + column];
        set => Values[row * Columns + column] = value;
    }

    public static Matrix From(in Tensor tensor)
    {
        var matrix = new Matrix(tensor.Rows, tensor.Columns);
        var source = tensor.Floats;
        for (var i = 0; i < source.Length; i++)
            matrix.Values[i] = source[i];
        return matrix;
    }

    /// <summary>Rounds the values to a tensor of F32 of the same shape.</summary>
    public void CopyTo(in Tensor tensor)
    {
        if (tensor.Rows != Rows || tensor.Columns != Columns)
            throw new ArgumentException($"A matrix of {Rows} x {Columns} does not fit into {tensor}.", nameof(tensor));
        var target = tensor.Floats;
        for (var i = 0; i < target.Length; i++)
            target[i] = (float)Values[i];
    }

    public Span<double> Row(int row) => Values.AsSpan(row * Columns, Columns);

    public Matrix Transposed()
    {
        var turned = new Matrix(Columns, Rows);
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
                turned[column, row] = this[row, column];
        return turned;
    }

    public static Matrix operator *(Matrix left, Matrix right)
    {
        if (left.Columns != right.Rows)
            throw new ArgumentException($"{left.Rows} x {left.Columns} times {right.Rows} x {right.Columns} is no product.", nameof(right));
        var product = new Matrix(left.Rows, right.Columns);
        for (var row = 0; row < left.Rows; row++)
            for (var k = 0; k < left.Columns; k++)
                AddScaled(right.Row(k), left[row, k], product.Row(row));
        return product;
    }

    public static Matrix operator +(Matrix left, Matrix right) => left.Combine(right, 1);

    public static Matrix operator -(Matrix left, Matrix right) => left.Combine(right, -1);

    /// <summary>Each value by its place.</summary>
    public static Matrix Of(int rows, int columns, Func<int, int, double> value)
    {
        var matrix = new Matrix(rows, columns);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                matrix[row, column] = value(row, column);
        return matrix;
    }

    /// <summary>Each value by its place and what it was.</summary>
    public Matrix Map(Func<int, int, double, double> value) => Of(Rows, Columns, (row, column) => value(row, column, this[row, column]));

    /// <summary>(a + aᵀ) / 2.</summary>
    public Matrix Symmetrized() => Map((row, column, value) => (value + this[column, row]) / 2);

    /// <summary>y += factor · x.</summary>
    public static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        var whole = x.Length - x.Length % Vector<double>.Count;
        var factors = new Vector<double>(factor);
        for (var i = 0; i < whole; i += Vector<double>.Count)
            (new Vector<double>(y[i..]) + factors * new Vector<double>(x[i..])).CopyTo(y[i..]);
        for (var i = whole; i < x.Length; i++)
            y[i] += factor * x[i];
    }

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var whole = x.Length - x.Length % Vector<double>.Count;
        var sums = Vector<double>.Zero;
        for (var i = 0; i < whole; i += Vector<double>.Count)
            sums += new Vector<double>(x[i..]) * new Vector<double>(y[i..]);
        var sum = Vector.Sum(sums);
        for (var i = whole; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    Matrix Combine(Matrix other, double factor)
    {
        if (other.Rows != Rows || other.Columns != Columns)
            throw new ArgumentException($"{Rows} x {Columns} and {other.Rows} x {other.Columns} have no sum.", nameof(other));
        var sum = new Matrix(Rows, Columns, [.. Values]);
        AddScaled(other.Values, factor, sum.Values);
        return sum;
    }
}
