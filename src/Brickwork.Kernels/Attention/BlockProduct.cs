using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

/// <summary>Products of small blocks that lie in the first cache: c[m, n] = a[m, k] · b[k, n], or added to what c holds.</summary>
/// <remarks>Every value of c is one chain of fused multiply-adds over k in ascending order, whatever the size of the block.</remarks>
static partial class BlockProduct
{
    /// <summary>What the rows of c are a multiple of.</summary>
    public const int Rows = 8;

    /// <summary>What the columns of b and c are a multiple of.</summary>
    public const int Columns = 16;

    /// <summary>c = a · b, or c += a · b where <paramref name="adds"/>.</summary>
    /// <param name="path">A path whose vectors T stands for.</param>
    /// <param name="a">The left factor; either of its sides may be the contiguous one.</param>
    /// <param name="b">Rows of <paramref name="stride"/> values.</param>
    /// <param name="stride">From one row of b or c to the next, for each.</param>
    /// <param name="c">Rows.</param>
    /// <param name="size">Rows of c, a multiple of 8; columns, a multiple of 16; and what is summed over.</param>
    /// <param name="adds">Whether c is added to.</param>
    public static void Run<T>(
        InstructionSet path, in Factor a, ReadOnlySpan<float> b, Span<float> c, (int B, int C) stride,
        (int Rows, int Columns, int Depth) size, bool adds)
        where T : struct, ILaneSums<T>
    {
        if (size.Rows % Rows != 0 || size.Columns % Columns != 0)
            throw new ArgumentException($"A block of {size.Rows} x {size.Columns} does not fall into tiles of {Rows} x {Columns}.");
        if (size.Rows == 0 || size.Columns == 0 || size.Depth == 0)
            return;
        Check(a.Values.Length, (size.Rows - 1) * a.RowStride + (size.Depth - 1) * a.DepthStride + 1);
        Check(b.Length, (size.Depth - 1) * stride.B + size.Columns);
        Check(c.Length, (size.Rows - 1) * stride.C + size.Columns);
        const int Wide = 2 * Columns;
        var wide = path == InstructionSet.Avx512 ? size.Columns - size.Columns % Wide : 0;
        for (var row = 0; row < size.Rows; row += Rows)
        {
            for (var column = 0; column < wide; column += Wide)
                TileAvx512(a, row, b[column..], c[(row * stride.C + column)..], stride, size.Depth, adds);
            for (var column = wide; column < size.Columns; column += T.Count)
                Tile<T>(a, row, b[column..], c[(row * stride.C + column)..], stride, size.Depth, adds);
        }
    }

    static void Check(int found, int wanted)
    {
        if (found < wanted)
            throw new ArgumentException($"A block of the product has {found} values, {wanted} are used.");
    }

    /// <summary>The left factor: value [i, k] stands at i · rowStride + k · depthStride.</summary>
    public readonly ref struct Factor(ReadOnlySpan<float> values, int rowStride, int depthStride)
    {
        public readonly ReadOnlySpan<float> Values = values;
        public readonly int RowStride = rowStride;
        public readonly int DepthStride = depthStride;
    }
}
