using System.Runtime.InteropServices;
using Brickwork.Kernels.Threading;

namespace Brickwork.Kernels.MatMul;

/// <summary>The product of two matrices of F32 on one thread: c = α·a·b, or c += α·a·b.</summary>
/// <remarks>
/// The depth is cut into pieces of <see cref="PieceSteps"/>; each gives its sum as <see cref="GemmTile"/> says, and the sums are added to
/// an output one after the other. So the bits of an output depend on its row of a and its column of b only.
/// </remarks>
static class GemmKernel
{
    /// <summary>Steps whose sum stays in registers: a panel of them stays in the nearest caches while the tiles of a block pass.</summary>
    public const int PieceSteps = 256;

    // Rows that pass the panels together: their part of a stays in the second-level cache.
    const int BlockTiles = 16;

    // Steps that are packed together.
    const int PackedSteps = 4 * PieceSteps;

    /// <summary>c[m, n] = α · Σ_k a[m, k] · b[k, n], or c[m, n] plus that.</summary>
    /// <param name="path">The kernels to use.</param>
    /// <param name="target">Whether the product replaces what is in <paramref name="c"/>.</param>
    /// <param name="size">M, N and K; any of them may be 0.</param>
    /// <param name="a">[M, K].</param>
    /// <param name="b">[K, N].</param>
    /// <param name="alpha">A factor.</param>
    /// <param name="c">[M, N], with rows <paramref name="stride"/> values apart.</param>
    /// <param name="stride">At least N.</param>
    public static void Run(InstructionSet path, GemmTarget target, GemmSize size, in MatrixView a, in MatrixView b, float alpha,
        Span<float> c, int stride)
    {
        a.Check(size.Rows, size.Depth, nameof(a));
        b.Check(size.Depth, size.Columns, nameof(b));
        new MatrixView(c, stride).Check(size.Rows, size.Columns, nameof(c));
        if (size.Rows == 0 || size.Columns == 0)
            return;
        if (size.Depth == 0 && target == GemmTarget.Replace)
            Clear(size, c, stride);
        for (var first = 0; first < size.Depth; first += PackedSteps, target = GemmTarget.Add)
        {
            var part = size with { Depth = Math.Min(PackedSteps, size.Depth - first) };
            Block(path, target, part, GemmRows.Of(a).From(0, first), Columns(path, part, b, first), alpha, c, stride);
        }
    }

    /// <summary>The same for factors that tiles can read.</summary>
    public static void Block(InstructionSet path, GemmTarget target, GemmSize size, in GemmRows a, in GemmColumns b, float alpha,
        Span<float> c, int stride)
    {
        const int Rows = BlockTiles * GemmTile.Rows;
        var width = GemmTile.Columns(path);
        for (var row = 0; row < size.Rows; row += Rows)
            for (var (step, mode) = (0, target); step < size.Depth; step += PieceSteps, mode = GemmTarget.Add)
                for (var column = 0; column < size.Columns; column += width)
                {
                    var part = new GemmSize(Math.Min(Rows, size.Rows - row), Math.Min(width, size.Columns - column),
                        Math.Min(PieceSteps, size.Depth - step));
                    GemmTile.Run(path, mode, a.From(row / GemmTile.Rows, step), b.From(column / width, step), part, alpha,
                        c[(row * stride + column)..], stride);
                }
    }

    /// <summary>Zero, where there is nothing to add up.</summary>
    public static void Clear(GemmSize size, Span<float> c, int stride)
    {
        for (var row = 0; row < size.Rows; row++)
            c.Slice(row * stride, size.Columns).Clear();
    }

    /// <summary>The right factor from a step on.</summary>
    static GemmColumns Columns(InstructionSet path, GemmSize size, in MatrixView b, int first)
    {
        var width = GemmTile.Columns(path);
        if (!b.IsTransposed && GemmPacking.IsReadable(path, size.Columns))
            return new GemmColumns(b.Values[(first * b.Stride)..], width, b.Stride);
        var panelFloats = GemmPacking.PanelFloats(path, size.Depth);
        var panels = MemoryMarshal.Cast<byte, float>(
            ThreadScratch<Panels>.Take(GemmPacking.Panels(path, size.Columns) * panelFloats * sizeof(float)));
        if (!b.IsTransposed)
            GemmPacking.PackColumns(path, b.Values[(first * b.Stride)..], b.Stride, size.Columns, 0, size.Depth, size.Depth, panels);
        else
            for (var column = 0; column < size.Columns; column += width)
                GemmPacking.PackTransposed(path, b.Values[(column * b.Stride + first)..], b.Stride, Math.Min(width, size.Columns - column),
                    size.Depth, panels.Slice(column / width * panelFloats, panelFloats));
        return GemmPacking.PackedColumns(path, panels, size.Depth);
    }

    struct Panels;
}
