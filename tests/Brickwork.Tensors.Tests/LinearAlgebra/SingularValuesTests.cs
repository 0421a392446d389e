using Brickwork.Tensors.LinearAlgebra;
using static Brickwork.Tensors.Tests.LinearAlgebra.RandomMatrices;

namespace Brickwork.Tensors.Tests.LinearAlgebra;

public sealed class SingularValuesTests
{
    [Theory, InlineData(1, 1), InlineData(4, 4), InlineData(9, 3), InlineData(3, 9), InlineData(70, 33), InlineData(1, 5)]
    public void Values_and_vectors_make_the_matrix_again(int rows, int columns)
    {
        var matrix = Draw(rows, rows, columns);
        var found = SingularValues.Of(matrix);
        var count = Math.Min(rows, columns);
        (found.Left * Diagonal(found.Values) * found.Right.Transposed()).ShouldBe(matrix, "U·s·Vᵀ");
        (found.Left.Transposed() * found.Left).ShouldBe(Identity(count), "Uᵀ·U");
        (found.Right.Transposed() * found.Right).ShouldBe(Identity(count), "Vᵀ·V");
        found.Values.ShouldBe(found.Values.OrderDescending());
        found.Values[^1].ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public void A_matrix_of_low_rank_still_has_orthonormal_vectors()
    {
        var matrix = WithSingularValues(1, 12, 7, 3, 2);
        var found = SingularValues.Of(matrix);
        (found.Left * Diagonal(found.Values) * found.Right.Transposed()).ShouldBe(matrix, "U·s·Vᵀ");
        (found.Left.Transposed() * found.Left).ShouldBe(Identity(7), "Uᵀ·U");
        (found.Right.Transposed() * found.Right).ShouldBe(Identity(7), "Vᵀ·V");
        found.Values[1].ShouldBe(2, 1e-12);
        found.Values[2].ShouldBe(0, 1e-12);
        SingularValues.Of(new Matrix(3, 2)).Values.ShouldBe([0, 0]);
    }

    [Theory, InlineData(5, 5), InlineData(7, 4), InlineData(4, 7)]
    public void Gradients_of_values_and_vectors_match_finite_differences(int rows, int columns)
    {
        var count = Math.Min(rows, columns);
        var matrix = WithSingularValues(2, rows, columns, [.. Enumerable.Range(1, count).Select(k => 0.7 * k)]);
        var (values, left, right) = (Draw(4, 1, count).Values, Draw(5, rows, count), Draw(6, columns, count));
        var found = SingularValues.Of(matrix);
        // Products, because the signs of a pair are arbitrary: Σ values[k] · s[k] + Σ (a[k] · u[k]) (b[k] · v[k]).
        var leftGradient = left.Map((_, k, value) => value * Along(found.Right, right, k));
        var rightGradient = right.Map((_, k, value) => value * Along(found.Left, left, k));
        found.Backward(leftGradient, values, rightGradient).ShouldBeGradientOf(
            at =>
            {
                var moved = SingularValues.Of(at);
                return Matrix.Dot(moved.Values, values)
                    + Enumerable.Range(0, count).Sum(k => Along(moved.Left, left, k) * Along(moved.Right, right, k));
            },
            matrix);
    }

    [Fact]
    public void The_gradient_of_the_sum_of_the_values_is_the_orthogonal_factor()
    {
        var matrix = Draw(8, 6, 4);
        var found = SingularValues.Of(matrix);
        found.Backward(null, [1, 1, 1, 1], null).ShouldBe(found.Left * found.Right.Transposed(), "U·Vᵀ");
    }

    [Fact]
    public void Equal_and_zero_values_give_finite_gradients()
    {
        var found = SingularValues.Of(WithSingularValues(3, 6, 5, 2, 2, 1));
        var gradient = found.Backward(Draw(1, 6, 5), [1, 1, 1, 1, 1], Draw(2, 5, 5));
        gradient.Values.ShouldAllBe(value => Math.Abs(value) < 1e3);
    }

    [Fact]
    public void What_is_not_finite_is_refused() =>
        Should.Throw<ArgumentException>(() => SingularValues.Of(Matrix.Of(2, 3, (row, column) => row == 1 && column == 2 ? double.NaN : 1)))
            .Message.ShouldContain("[1, 2] of the 2 x 3 matrix is NaN");

    static double Along(Matrix vectors, Matrix weights, int k) => Matrix.Dot(vectors.Transposed().Row(k), weights.Transposed().Row(k));
}
