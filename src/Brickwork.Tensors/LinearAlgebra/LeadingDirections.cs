using Brickwork.Tensors.Operations;

namespace Brickwork.Tensors.LinearAlgebra;

/// <summary>The largest singular values of a matrix and their vectors: randomized subspace iteration.</summary>
/// <remarks>Halko, Martinsson &amp; Tropp 2011, algorithms 4.4 and 5.1. The products are in F32, the small factorizations in double.</remarks>
sealed record LeadingDirections
{
    // Directions beyond those asked for; they make the last of those good (section 4.2).
    const int Spare = 8;

    LeadingDirections(Tensor left, double[] values, Tensor right) => (Left, Values, Right) = (left, values, right);

    /// <summary>[m, r] the left singular vectors as columns.</summary>
    public Tensor Left { get; }

    /// <summary>[r] descending.</summary>
    public double[] Values { get; }

    /// <summary>[n, r] the right singular vectors as columns.</summary>
    public Tensor Right { get; }

    /// <param name="compute">Threads and path.</param>
    /// <param name="matrix">[m, n] F32, finite.</param>
    /// <param name="rank">r, 1 … min(m, n).</param>
    /// <param name="seed">Where the random start comes from.</param>
    /// <param name="iterations">Passes over the matrix there and back; more of them where singular values fall slowly.</param>
    public static LeadingDirections Of(Compute compute, in Tensor matrix, int rank, long seed, int iterations = 2)
    {
        var (rows, columns) = (matrix.Rows, matrix.Columns);
        if (rank < 1 || rank > Math.Min(rows, columns))
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"{matrix} has {Math.Min(rows, columns)} singular values.");
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        MatrixChecks.RequireFinite(matrix, nameof(matrix));
        var width = Math.Min(rank + Spare, Math.Min(rows, columns));
        var right = Tensor.Zeros(width, columns);
        var left = Tensor.Zeros(width, rows);
        var random = new SeededRandom(seed);
        foreach (ref var value in right.Floats)
            value = (float)random.NextGaussian();
        // Both bases are kept as rows: left = right·Aᵀ, right = left·A.
        Gemm.Run(compute, Transposes.Second, right, matrix, left);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            Orthonormalize(left);
            Gemm.Run(compute, Transposes.None, left, matrix, right);
            Orthonormalize(right);
            Gemm.Run(compute, Transposes.Second, right, matrix, left);
        }
        var basis = Orthonormalize(left);
        Gemm.Run(compute, Transposes.None, left, matrix, right);             // [w, n] what the basis sees of the matrix
        var small = SingularValues.Of(Matrix.From(right));
        return new(
            First(basis.Transposed() * small.Left, rank), small.Values[..rank], First(small.Right, rank));
    }

    static Matrix Orthonormalize(in Tensor rows)
    {
        var basis = OrthonormalRows.Of(Matrix.From(rows)).Basis;
        basis.CopyTo(rows);
        return basis;
    }

    static Tensor First(Matrix vectors, int count)
    {
        var tensor = Tensor.Zeros(vectors.Rows, count);
        for (var row = 0; row < vectors.Rows; row++)
            for (var column = 0; column < count; column++)
                tensor.Row(row)[column] = (float)vectors[row, column];
        return tensor;
    }
}
