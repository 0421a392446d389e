namespace Brickwork.Kernels.MatMul;

/// <summary>A strip of a matrix product: any number of rows with as many columns as registers hold sums for, six rows at a time.</summary>
/// <remarks>
/// One output is a chain of fused multiply-adds that begins at zero and goes up the depth; fma(α, chain, output) ends it. Every path keeps
/// this order, so all of them give the same bits, whatever rows and columns are around.
/// </remarks>
static partial class GemmTile
{
    /// <summary>Rows whose sums are in registers together.</summary>
    public const int Rows = 6;

    /// <summary>Columns of the widest tile of any path.</summary>
    public const int MostColumns = 64;

    /// <summary>Columns whose sums are in registers together: two vectors, with AVX-512 four.</summary>
    public static int Columns(InstructionSet path) => path switch
    {
        InstructionSet.Avx512 => MostColumns,
        InstructionSet.Avx2 => 16,
        _ => 8,
    };

    /// <summary>Columns that a tile of so many reads: whole pairs of vectors.</summary>
    public static int ReadColumns(InstructionSet path, int columns) =>
        path != InstructionSet.Avx512 || columns > MostColumns / 2 ? Columns(path)
        : columns > MostColumns / 4 ? MostColumns / 2 : MostColumns / 4;

    /// <summary>c[m, n] = α · Σ_k a[m, k] · b[k, n], or c[m, n] plus that.</summary>
    /// <param name="path">The kernel to use.</param>
    /// <param name="target">Whether the sums replace what is in <paramref name="c"/>.</param>
    /// <param name="a">[M, K].</param>
    /// <param name="b">[K, N].</param>
    /// <param name="size">M; N, at most <see cref="Columns"/>; K, at least 1.</param>
    /// <param name="alpha">A factor.</param>
    /// <param name="c">[M, N], with rows <paramref name="stride"/> values apart.</param>
    /// <param name="stride">At least N.</param>
    public static void Run(InstructionSet path, GemmTarget target, in GemmRows a, in GemmColumns b, GemmSize size, float alpha,
        Span<float> c, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size.Columns, Columns(path), nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(c.Length, (size.Rows - 1) * (long)stride + size.Columns, nameof(c));
        a.Check(size);
        b.Check(path, size);
        if (path == InstructionSet.Reference)
            RunReference(target, a, b, size, alpha, c, stride);
        else
            RunVector(path, target, a, b, size, alpha, c, stride);
    }
}
