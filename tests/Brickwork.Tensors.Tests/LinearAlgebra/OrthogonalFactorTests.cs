using Brickwork.TestKit;
using Brickwork.Tensors.LinearAlgebra;
using static Brickwork.Tensors.Tests.LinearAlgebra.RandomMatrices;

namespace Brickwork.Tensors.Tests.LinearAlgebra;

public sealed class OrthogonalFactorTests
{
    [Theory, InlineData(48, 32), InlineData(32, 48), InlineData(33, 33), InlineData(1, 20), InlineData(20, 1)]
    public void Singular_values_come_near_one_and_vectors_stay(int rows, int columns)
    {
        using var compute = new Compute(2);
        var matrix = Draw(rows, rows, columns);
        var tensor = Tensor.Zeros(rows, columns);
        matrix.CopyTo(tensor);
        new OrthogonalFactor(compute, [tensor.Shape], 5).Run(tensor);
        var (before, after) = (SingularValues.Of(matrix), Matrix.From(tensor));
        // In the basis of the old vectors the new matrix is diagonal.
        var inner = before.Left.Transposed() * after * before.Right;
        for (var row = 0; row < inner.Rows; row++)
            for (var column = 0; column < inner.Columns; column++)
                inner[row, column].ShouldBe(row == column ? 0.95 : 0, row == column ? 0.3 : 1e-4, $"[{row}, {column}]");
    }

    [Fact]
    public void Threads_change_no_bit_and_zeros_stay_zeros()
    {
        float[] Run(int threads, int factor)
        {
            using var compute = new Compute(threads);
            var tensor = Tensor.Zeros(130, 70);
            Draw(1, 130, 70).Map((_, _, value) => factor * value).CopyTo(tensor);
            new OrthogonalFactor(compute, [tensor.Shape], 5).Run(tensor);
            return tensor.Floats.ToArray();
        }
        Run(3, 1).AsSpan().ShouldBeClose(Run(1, 1), Tolerance.Exact);
        Run(1, 0).ShouldAllBe(value => value == 0);
    }
}
