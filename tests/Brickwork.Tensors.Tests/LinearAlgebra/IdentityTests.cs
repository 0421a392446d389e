using Brickwork.Tensors.LinearAlgebra;
using FsCheck;
using FsCheck.Fluent;
using static Brickwork.Tensors.Tests.LinearAlgebra.RandomMatrices;

namespace Brickwork.Tensors.Tests.LinearAlgebra;

/// <summary>What holds for matrices of any shape, size of values and rank.</summary>
public sealed class IdentityTests
{
    static readonly Arbitrary<(int Seed, int Rows, int Columns, int Rank, double Size)> Any = ArbMap.Default.GeneratorFor<int>()
        .SelectMany(seed => Gen.Choose(1, 24), (seed, rows) => (seed, rows))
        .SelectMany(_ => Gen.Choose(1, 24), (found, columns) => (found.seed, found.rows, columns))
        .SelectMany(_ => Gen.Choose(1, 24), (found, rank) => (found, rank))
        .SelectMany(_ => Gen.Choose(-12, 12), (found, power) =>
            (found.found.seed, found.found.rows, found.found.columns, found.rank, Math.Pow(10, power)))
        .ToArbitrary();

    [Fact]
    public void Singular_values_and_vectors_make_any_matrix_again() => Check.QuickThrowOnFailure(Prop.ForAll(Any, found =>
    {
        var matrix = Matrix(found.Seed, found.Rows, found.Columns, found.Rank, found.Size);
        var (left, values, right) = SingularValues.Of(matrix);
        (left * Diagonal(values) * right.Transposed()).ShouldBe(matrix, "U·s·Vᵀ");
        (left.Transposed() * left).ShouldBe(Identity(values.Length), "Uᵀ·U");
        (right.Transposed() * right).ShouldBe(Identity(values.Length), "Vᵀ·V");
    }));

    [Fact]
    public void Eigenvalues_and_vectors_make_any_symmetric_matrix_again() => Check.QuickThrowOnFailure(Prop.ForAll(Any, found =>
    {
        var matrix = Matrix(found.Seed, found.Rows, found.Rows, found.Rank, found.Size).Symmetrized();
        var (values, vectors) = SymmetricEigen.Of(matrix);
        (vectors * Diagonal(values) * vectors.Transposed()).ShouldBe(matrix, "V·λ·Vᵀ");
        (vectors.Transposed() * vectors).ShouldBe(Identity(values.Length), "Vᵀ·V");
    }));

    [Fact]
    public void The_triangular_factor_makes_any_positive_definite_matrix_again() => Check.QuickThrowOnFailure(Prop.ForAll(Any, found =>
    {
        var matrix = PositiveDefinite(found.Seed, found.Rows).Map((_, _, value) => value * found.Size);
        var lower = Cholesky.Of(matrix).Lower;
        (lower * lower.Transposed()).ShouldBe(matrix, "L·Lᵀ");
    }));

    [Fact]
    public void An_orthonormal_basis_and_its_triangle_make_any_wide_matrix_again() => Check.QuickThrowOnFailure(Prop.ForAll(Any, found =>
    {
        var matrix = Matrix(found.Seed, Math.Min(found.Rows, found.Columns), Math.Max(found.Rows, found.Columns), found.Rank, found.Size);
        var (basis, upper) = OrthonormalRows.Of(matrix);
        (upper.Transposed() * basis).ShouldBe(matrix, "Rᵀ·Q");
        (basis * basis.Transposed()).ShouldBe(Identity(basis.Rows), "Q·Qᵀ");
    }));

    static Matrix Matrix(int seed, int rows, int columns, int rank, double size) =>
        (Draw(seed, rows, rank) * Draw(seed + 1, rank, columns)).Map((_, _, value) => value * size);
}
