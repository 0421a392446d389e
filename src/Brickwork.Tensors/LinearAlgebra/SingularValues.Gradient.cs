namespace Brickwork.Tensors.LinearAlgebra;

sealed partial record SingularValues
{
    /// <summary>The gradient by A of what has these gradients by U, s and V.</summary>
    /// <remarks>
    /// Townsend 2016, with F[i, j] = 1 / (s[j]² − s[i]²):
    /// (U·(F ⊙ (Uᵀ·dU − dUᵀ·U))·S + (1 − U·Uᵀ)·dU·S⁻¹)·Vᵀ + U·diag(ds)·Vᵀ + U·(S·(F ⊙ (Vᵀ·dV − dVᵀ·V))·Vᵀ + S⁻¹·dVᵀ·(1 − V·Vᵀ)).
    /// Vectors of equal singular values are defined up to a rotation only, those of zeros not at all; their terms are 0.
    /// </remarks>
    /// <param name="left">By U; null = 0.</param>
    /// <param name="values">By s.</param>
    /// <param name="right">By V; null = 0.</param>
    public Matrix Backward(Matrix? left, double[] values, Matrix? right)
    {
        var count = Values.Length;
        // [k, k]: what turns within the spaces of U and V.
        var inner = Matrix.Of(count, count, (row, column) => row == column ? values[row] : 0);
        var gradient = new Matrix(Left.Rows, Right.Rows);
        if (left is not null)
        {
            inner += Turned(Left, left).Map((_, column, value) => value * Values[column]);
            gradient += Outside(Left, left) * Right.Transposed();
        }
        if (right is not null)
        {
            inner += Turned(Right, right).Map((row, _, value) => value * Values[row]);
            gradient += Left * Outside(Right, right).Transposed();
        }
        return gradient + Left * inner * Right.Transposed();
    }

    /// <summary>F ⊙ (Uᵀ·dU − dUᵀ·U).</summary>
    Matrix Turned(Matrix vectors, Matrix gradient)
    {
        double[] squares = [.. Values.Select(value => value * value)];
        var smallest = SpectralGap.Smallest(squares);
        var product = vectors.Transposed() * gradient;
        return product.Map((row, column, value) =>
            (value - product[column, row]) * SpectralGap.Inverse(squares[column] - squares[row], smallest));
    }

    /// <summary>(1 − U·Uᵀ)·dU·S⁻¹.</summary>
    Matrix Outside(Matrix vectors, Matrix gradient)
    {
        var smallest = SpectralGap.Smallest(Values);
        var outside = gradient - vectors * (vectors.Transposed() * gradient);
        return outside.Map((_, column, value) => value * SpectralGap.Inverse(Values[column], smallest));
    }
}
