using Brickwork.Tensors.LinearAlgebra;
using static Brickwork.Tensors.Tests.LinearAlgebra.RandomMatrices;

namespace Brickwork.Tensors.Tests.LinearAlgebra;

public sealed class CholeskyTests
{
    static readonly int[] Sizes = [1, 2, 3, 17, 64];

    [Fact]
    public void The_factor_times_itself_is_the_matrix()
    {
        foreach (var size in Sizes)
        {
            var matrix = PositiveDefinite(size, size);
            var lower = Cholesky.Of(matrix).Lower;
            (lower * lower.Transposed()).ShouldBe(matrix, $"L·Lᵀ of {size}");
            lower.Values.Where((_, place) => place % size > place / size).ShouldAllBe(value => value == 0);
        }
    }

    [Fact]
    public void Solutions_and_inverse_solve()
    {
        foreach (var size in Sizes)
        {
            var (matrix, right) = (PositiveDefinite(size, size), Draw(size + 1, size, 3));
            var cholesky = Cholesky.Of(matrix);
            (matrix * cholesky.Solve(right)).ShouldBe(right, $"A·X of {size}");
            (matrix * cholesky.Inverse()).ShouldBe(Identity(size), $"A·A⁻¹ of {size}");
        }
    }

    [Fact]
    public void The_log_determinant_is_the_sum_of_the_logarithms_of_the_eigenvalues()
    {
        foreach (var size in Sizes)
        {
            var matrix = PositiveDefinite(size, size);
            Cholesky.Of(matrix).LogDeterminant.ShouldBe(SymmetricEigen.Of(matrix).Values.Sum(Math.Log), 1e-10 * size);
        }
    }

    [Fact]
    public void The_gradient_of_the_log_determinant_matches_finite_differences()
    {
        var matrix = PositiveDefinite(5, 6);
        Cholesky.Of(matrix).LogDeterminantBackward().ShouldBeGradientOf(at => Cholesky.Of(at.Symmetrized()).LogDeterminant, matrix);
    }

    [Fact]
    public void The_gradient_of_the_factor_matches_finite_differences()
    {
        foreach (var size in new[] { 1, 2, 7 })
        {
            var (matrix, weights) = (PositiveDefinite(size, size), Draw(9, size, size));
            Cholesky.Of(matrix).Backward(weights).ShouldBeGradientOf(
                at => Matrix.Dot(Cholesky.Of(at.Symmetrized()).Lower.Values, weights.Values), matrix);
        }
    }

    [Fact]
    public void Matrices_without_a_factor_are_refused_by_name_of_the_fault()
    {
        var indefinite = Diagonal([1, -2, 3]);
        Should.Throw<ArgumentException>(() => Cholesky.Of(indefinite)).Message.ShouldContain("not positive definite: pivot 1 of 3 is -2");
        Should.Throw<ArgumentException>(() => Cholesky.Of(new Matrix(2, 2))).Message.ShouldContain("pivot 0 of 2");
        Should.Throw<ArgumentException>(() => Cholesky.Of(Draw(1, 3, 3))).Message.ShouldContain("not symmetric");
        Should.Throw<ArgumentException>(() => Cholesky.Of(Draw(1, 3, 4))).Message.ShouldContain("found 3 x 4");
        Should.Throw<ArgumentException>(() => Cholesky.Of(Diagonal([1, double.NaN]))).Message.ShouldContain("[1, 1] of the 2 x 2 matrix is NaN");
        Should.Throw<ArgumentException>(() => Cholesky.Of(Identity(3)).Solve(new Matrix(2, 1))).Message.ShouldContain("3 rows");
    }
}
