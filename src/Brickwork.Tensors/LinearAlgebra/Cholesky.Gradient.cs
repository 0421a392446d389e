namespace Brickwork.Tensors.LinearAlgebra;

sealed partial class Cholesky
{
    /// <summary>The gradient by A, symmetric, of what has this gradient by L: ½ L⁻ᵀ (P + Pᵀ) L⁻¹ with P = Φ(Lᵀ·dL).</summary>
    /// <remarks>Φ takes the lower triangle and halves its diagonal. Murray 2016, equation 10.</remarks>
    /// <param name="gradient">By L; what stands above the diagonal plays no part.</param>
    public Matrix Backward(Matrix gradient)
    {
        var lower = gradient.Map((row, column, value) => row >= column ? value : 0);
        var product = Lower.Transposed() * lower;
        var halved = product.Map((row, column, value) => row > column ? value : row == column ? value / 2 : 0);
        // L⁻ᵀ·P·L⁻¹ = (L⁻ᵀ·(L⁻ᵀ·P)ᵀ)ᵀ
        return SolveTransposed(SolveTransposed(halved).Transposed()).Transposed().Symmetrized();
    }

    /// <summary>The gradient of ln det A by A: A⁻¹.</summary>
    public Matrix LogDeterminantBackward() => Inverse();
}
