using Brickwork.TestKit;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Tensors.Tests.LinearAlgebra;

/// <summary>Matrices to factorize, and how near two matrices are.</summary>
static class RandomMatrices
{
    public static Matrix Draw(int seed, int rows, int columns)
    {
        var random = new SeededRandom(seed);
        return Matrix.Of(rows, columns, (_, _) => random.NextGaussian());
    }

    /// <summary>A·Aᵀ / n and a little of the identity.</summary>
    public static Matrix PositiveDefinite(int seed, int size)
    {
        var factor = Draw(seed, size, size);
        return (factor * factor.Transposed()).Map((row, column, value) => value / size + (row == column ? 0.1 : 0));
    }

    /// <summary>With values that are far enough from each other for finite differences.</summary>
    public static Matrix WithSingularValues(int seed, int rows, int columns, params double[] values)
    {
        var left = OrthonormalRows.Of(Draw(seed, values.Length, rows)).Basis;
        var right = OrthonormalRows.Of(Draw(seed + 1, values.Length, columns)).Basis;
        return left.Transposed().Map((_, column, value) => value * values[column]) * right;
    }

    public static Matrix Identity(int size) => Diagonal([.. Enumerable.Repeat(1.0, size)]);

    public static Matrix Diagonal(double[] values) => Matrix.Of(values.Length, values.Length, (row, column) => row == column ? values[row] : 0);

    /// <summary>Fails where ‖found − expected‖ exceeds 1e-12 of ‖expected‖ per row.</summary>
    public static void ShouldBe(this Matrix found, Matrix expected, string what) =>
        GradientCheck.ShouldBeNear(found.Values, expected.Values, 1e-12 * (1 + found.Rows), what);

    /// <summary>Holds a gradient against finite differences of a function of the matrix.</summary>
    public static void ShouldBeGradientOf(this Matrix found, Func<Matrix, double> function, Matrix at) => GradientCheck.ShouldBeNear(
        found.Values,
        FiniteDifferences.Gradient(inputs => [function(new Matrix(at.Rows, at.Columns, inputs[0]))], [[.. at.Values]], 0, [1]),
        1e-6, "the gradient");
}
