using Brickwork.Tensors.LinearAlgebra;
using static Brickwork.Tensors.Tests.LinearAlgebra.RandomMatrices;

namespace Brickwork.Tensors.Tests.LinearAlgebra;

public sealed class SymmetricEigenTests
{
    [Fact]
    public void Values_and_vectors_make_the_matrix_again()
    {
        foreach (var size in new[] { 1, 2, 3, 20, 65 })
        {
            var matrix = Draw(size, size, size).Symmetrized();
            var eigen = SymmetricEigen.Of(matrix);
            (eigen.Vectors * Diagonal(eigen.Values) * eigen.Vectors.Transposed()).ShouldBe(matrix, $"V·λ·Vᵀ of {size}");
            (eigen.Vectors.Transposed() * eigen.Vectors).ShouldBe(Identity(size), $"Vᵀ·V of {size}");
            eigen.Values.ShouldBe(eigen.Values.Order());
        }
    }

    [Fact]
    public void Gradients_of_values_and_vectors_match_finite_differences()
    {
        var matrix = Draw(3, 6, 6).Symmetrized();
        var (values, weights) = (Draw(4, 1, 6).Values, Draw(5, 6, 6));
        var eigen = SymmetricEigen.Of(matrix);
        eigen.Backward(values, VectorGradient(eigen, weights)).ShouldBeGradientOf(at => Function(SymmetricEigen.Of(at.Symmetrized())), matrix);

        // Squares, because signs are arbitrary: Σ values[k] · λ[k] + Σ (w[k] · v[k])².
        double Function(SymmetricEigen found) => Matrix.Dot(found.Values, values)
            + Enumerable.Range(0, 6).Sum(k => Math.Pow(Along(found, weights, k), 2));
    }

    [Fact]
    public void The_space_of_equal_values_has_a_gradient_though_its_vectors_have_none()
    {
        var matrix = Diagonal([0, 0, 1, 1]);
        var weights = Draw(1, 4, 4).Symmetrized();
        // <W, v0·v0ᵀ + v1·v1ᵀ> with λ = 0, 0, 1, 1: the gradient by v0 and v1 is 2·W·v.
        var vectors = (weights * SymmetricEigen.Of(matrix).Vectors).Map((_, column, value) => column < 2 ? 2 * value : 0);
        SymmetricEigen.Of(matrix).Backward(new double[4], vectors).ShouldBeGradientOf(
            at =>
            {
                var moved = SymmetricEigen.Of(at.Symmetrized()).Vectors.Map((_, column, value) => column < 2 ? value : 0);
                return Matrix.Dot((moved * moved.Transposed()).Values, weights.Values);
            },
            matrix);
    }

    [Fact]
    public void What_is_not_symmetric_or_not_finite_is_refused()
    {
        Should.Throw<ArgumentException>(() => SymmetricEigen.Of(Draw(1, 3, 3))).Message.ShouldContain("not symmetric");
        Should.Throw<ArgumentException>(() => SymmetricEigen.Of(Diagonal([double.PositiveInfinity]))).Message.ShouldContain("finite");
    }

    static Matrix VectorGradient(SymmetricEigen eigen, Matrix weights) =>
        weights.Map((_, column, value) => 2 * Along(eigen, weights, column) * value);

    static double Along(SymmetricEigen eigen, Matrix weights, int k) =>
        Matrix.Dot(eigen.Vectors.Transposed().Row(k), weights.Transposed().Row(k));
}
