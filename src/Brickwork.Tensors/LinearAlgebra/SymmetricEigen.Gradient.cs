namespace Brickwork.Tensors.LinearAlgebra;

sealed partial record SymmetricEigen
{
    /// <summary>The gradient by A, symmetric: V·(diag(dλ) + F ⊙ Vᵀ·dV)·Vᵀ with F[i, j] = 1 / (λ[j] − λ[i]).</summary>
    /// <remarks>
    /// Giles 2008, section 3.1. Vectors of equal eigenvalues are defined up to a rotation only and have no gradient; F is 0 there.
    /// That is right for what depends on the space they span.
    /// </remarks>
    /// <param name="values">By λ.</param>
    /// <param name="vectors">By V; null = 0.</param>
    public Matrix Backward(double[] values, Matrix? vectors)
    {
        var inner = vectors is null ? new Matrix(values.Length, values.Length) : Vectors.Transposed() * vectors;
        var smallest = SpectralGap.Smallest(Values);
        inner = inner.Map((row, column, value) =>
            row == column ? values[row] : value * SpectralGap.Inverse(Values[column] - Values[row], smallest));
        return (Vectors * inner * Vectors.Transposed()).Symmetrized();
    }
}
