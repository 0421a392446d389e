namespace Brickwork.Kernels.MatMul;

/// <summary>A matrix of F32 in rows that start some values apart, as it is or transposed; its size is told where it is used.</summary>
readonly ref struct MatrixView
{
    /// <param name="values">From the first value on.</param>
    /// <param name="stride">From one stored row to the next: more than the columns where the matrix is a slice of a wider one.</param>
    public MatrixView(ReadOnlySpan<float> values, int stride)
    {
        Values = values;
        Stride = stride;
    }

    public ReadOnlySpan<float> Values { get; }

    public int Stride { get; }

    /// <summary>Whether stored rows are the columns of the matrix.</summary>
    public bool IsTransposed { get; private init; }

    /// <summary>The same values with rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Values, Stride) { IsTransposed = !IsTransposed };

    public void Deconstruct(out ReadOnlySpan<float> values, out int stride) 
    {
        values = Values;
        stride = Stride;
    }

    /// <summary>Raises an exception where a matrix of this size leaves the values.</summary>
    public void Check(int rows, int columns, string name)
    {
        var (stored, length) = IsTransposed ? (columns, rows) : (rows, columns);
        if (stored > 0 && length > 0 && (Stride < length || Values.Length < (stored - 1L) * Stride + length))
            throw new ArgumentException(
                $"{stored} stored rows of {length} values, {Stride} apart, do not fit into {Values.Length} values.", name);
    }
}
