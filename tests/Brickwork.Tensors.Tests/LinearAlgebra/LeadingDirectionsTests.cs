using Brickwork.TestKit;
using Brickwork.Tensors.LinearAlgebra;
using static Brickwork.Tensors.Tests.LinearAlgebra.RandomMatrices;

namespace Brickwork.Tensors.Tests.LinearAlgebra;

public sealed class LeadingDirectionsTests
{
    [Theory, InlineData(60, 40, 5), InlineData(40, 60, 12), InlineData(9, 7, 7), InlineData(3, 50, 1)]
    public void They_are_the_first_of_the_full_factorization(int rows, int columns, int rank)
    {
        using var compute = new Compute(2);
        // Values fall by a third each, as those of gradients do.
        var matrix = WithSingularValues(rows, rows, columns, [.. Enumerable.Range(0, Math.Min(rows, columns)).Select(k => Math.Pow(0.67, k))]);
        var tensor = Tensor.Zeros(rows, columns);
        matrix.CopyTo(tensor);
        var found = LeadingDirections.Of(compute, tensor, rank, seed: 1);
        var expected = SingularValues.Of(matrix);
        for (var k = 0; k < rank; k++)
            found.Values[k].ShouldBe(expected.Values[k], 1e-5 * expected.Values[0]);
        var (left, right) = (Matrix.From(found.Left), Matrix.From(found.Right));
        Near(left.Transposed() * left, Identity(rank));
        Near(right.Transposed() * right, Identity(rank));
        // The best approximation of that rank, up to the value that is left out (Eckart & Young 1936).
        var rest = matrix - left.Map((_, column, value) => value * found.Values[column]) * right.Transposed();
        SingularValues.Of(rest).Values[0].ShouldBe(rank < expected.Values.Length ? expected.Values[rank] : 0, 1e-4 * expected.Values[0]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads()
    {
        var matrix = Tensor.Zeros(80, 50);
        Draw(3, 80, 50).CopyTo(matrix);
        float[] Find(int threads)
        {
            using var compute = new Compute(threads);
            return LeadingDirections.Of(compute, matrix, 6, seed: 7).Left.Floats.ToArray();
        }
        Find(3).AsSpan().ShouldBeClose(Find(1), Tolerance.Exact);
    }

    [Fact]
    public void A_matrix_of_zeros_has_orthonormal_directions_and_zero_values()
    {
        using var compute = new Compute(1);
        var found = LeadingDirections.Of(compute, Tensor.Zeros(12, 30), 4, seed: 1);
        found.Values.ShouldBe([0, 0, 0, 0]);
        var left = Matrix.From(found.Left);
        Near(left.Transposed() * left, Identity(4));
    }

    [Fact]
    public void More_directions_than_there_are_and_values_that_are_no_numbers_are_refused()
    {
        using var compute = new Compute(1);
        Should.Throw<ArgumentOutOfRangeException>(() => LeadingDirections.Of(compute, Tensor.Zeros(4, 9), 5, seed: 1)).Message.ShouldContain("4 singular values");
        Should.Throw<ArgumentException>(() => LeadingDirections.Of(compute, Tensor.From([1, float.NaN], 1, 2), 1, seed: 1)).Message.ShouldContain("NaN");
    }

    static void Near(Matrix found, Matrix expected) => GradientCheck.ShouldBeNear(found.Values, expected.Values, 1e-5, "the product");
}
