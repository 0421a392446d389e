using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.MatMul;

/// <summary>Lays factors of a product out in the order in which its tiles read them.</summary>
static partial class GemmPacking
{
    // Tiles begin at different places of the cache's sets, whatever the depth.
    const int Line = 16;

    /// <summary>Floats from one packed tile of rows to the next.</summary>
    public static int TileFloats(int depth) => (depth * GemmTile.Rows + 2 * Line - 1) / Line * Line;

    /// <summary>Tiles that so many rows are.</summary>
    public static int Tiles(int rows) => (rows + GemmTile.Rows - 1) / GemmTile.Rows;

    /// <summary>Floats from one packed panel of columns to the next.</summary>
    public static int PanelFloats(InstructionSet path, int depth) => depth * GemmTile.Columns(path);

    /// <summary>Panels that so many columns are.</summary>
    public static int Panels(InstructionSet path, int columns) => (columns + GemmTile.Columns(path) - 1) / GemmTile.Columns(path);

    /// <summary>What <see cref="PackRows"/> leaves.</summary>
    public static GemmRows PackedRows(ReadOnlySpan<float> tiles, int depth) => new(tiles, TileFloats(depth), 1, GemmTile.Rows);

    /// <summary>What <see cref="PackColumns"/> and <see cref="PackTransposed"/> leave.</summary>
    public static GemmColumns PackedColumns(InstructionSet path, ReadOnlySpan<float> panels, int depth) =>
        new(panels, PanelFloats(path, depth), GemmTile.Columns(path));

    /// <summary>Some stored rows of a transposed left factor go to every tile.</summary>
    /// <param name="values">[steps, rows], with stored rows <paramref name="stride"/> values apart.</param>
    /// <param name="stride">At least <paramref name="rows"/>.</param>
    /// <param name="rows">Rows of the factor.</param>
    /// <param name="first">The step of the first of these stored rows.</param>
    /// <param name="steps">How many stored rows.</param>
    /// <param name="depth">Steps of a tile.</param>
    /// <param name="tiles">[tiles, <see cref="TileFloats"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRows(ReadOnlySpan<float> values, int stride, int rows, int first, int steps, int depth, Span<float> tiles)
    {
        var tileFloats = TileFloats(depth);
        ArgumentOutOfRangeException.ThrowIfLessThan(tiles.Length, Tiles(rows) * tileFloats, nameof(tiles));
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, (steps - 1) * stride + rows, nameof(values));
        for (var step = 0; step < steps; step++)
        {
            var row = values[(step * stride)..];
            var target = tiles[((first + step) * GemmTile.Rows)..];
            // Eight values are written where six are wanted, the other two again with the next step: not where that is another thread's.
            var whole = step < steps - 1 ? Math.Min(Tiles(rows), (row.Length - 2) / GemmTile.Rows) : 0;
            Spread(row, whole, tileFloats, target);
            for (var tile = whole; tile < Tiles(rows); tile++)
                row[(tile * GemmTile.Rows)..Math.Min((tile + 1) * GemmTile.Rows, rows)].CopyTo(target[(tile * tileFloats)..]);
        }
    }

    /// <summary>The values of some whole tiles, and two more each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Spread(ReadOnlySpan<float> row, int tiles, int tileFloats, Span<float> target)
    {
        ref var source = ref MemoryMarshal.GetReference(row);
        ref var place = ref MemoryMarshal.GetReference(target);
        for (var tile = 0; tile < tiles; tile++)
            Vector256.LoadUnsafe(ref source, (nuint)(tile * GemmTile.Rows)).StoreUnsafe(ref place, (nuint)(tile * tileFloats));
    }

    /// <summary>Some rows of a right factor go to every panel.</summary>
    /// <param name="path">Says how wide panels are.</param>
    /// <param name="values">[steps, columns], with rows <paramref name="stride"/> values apart.</param>
    /// <param name="stride">At least <paramref name="columns"/>.</param>
    /// <param name="columns">All columns.</param>
    /// <param name="first">The step of the first of these rows.</param>
    /// <param name="steps">How many rows.</param>
    /// <param name="depth">Steps of a panel.</param>
    /// <param name="panels">[panels, depth, columns of a tile].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackColumns(InstructionSet path, ReadOnlySpan<float> values, int stride, int columns, int first, int steps,
        int depth, Span<float> panels)
    {
        var width = GemmTile.Columns(path);
        var panelFloats = PanelFloats(path, depth);
        var whole = columns / width;
        var rest = columns - whole * width;
        var read = rest == 0 ? 0 : GemmTile.ReadColumns(path, rest);
        for (var step = 0; step < steps; step++)
        {
            var row = values.Slice(step * stride, columns);
            var target = panels[((first + step) * width)..];
            for (var panel = 0; panel < whole; panel++)
                CopyPanelRow(row.Slice(panel * width, width), target[(panel * panelFloats)..]);
            if (rest == 0)
                continue;
            var last = target.Slice(whole * panelFloats, read);
            row[(whole * width)..].CopyTo(last);
            last[rest..].Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyPanelRow(ReadOnlySpan<float> row, Span<float> target)
    {
        if (row.Length != GemmTile.MostColumns)
        {
            row.CopyTo(target);
            return;
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, GemmTile.MostColumns, nameof(target));
        ref var source = ref MemoryMarshal.GetReference(row);
        ref var place = ref MemoryMarshal.GetReference(target);
        for (var lane = 0; lane < GemmTile.MostColumns; lane += Vector512<float>.Count)
            Vector512.LoadUnsafe(ref source, (nuint)lane).StoreUnsafe(ref place, (nuint)lane);
    }

    /// <summary>One panel, from a right factor that is stored transposed.</summary>
    /// <param name="path">Says how wide panels are.</param>
    /// <param name="values">[columns, steps], with stored rows <paramref name="stride"/> values apart.</param>
    /// <param name="stride">At least <paramref name="steps"/>.</param>
    /// <param name="columns">Columns of this panel.</param>
    /// <param name="steps">Values of a column.</param>
    /// <param name="panel">[steps, columns of a tile].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackTransposed(InstructionSet path, ReadOnlySpan<float> values, int stride, int columns, int steps,
        Span<float> panel)
    {
        var width = GemmTile.Columns(path);
        var (wholeColumns, wholeSteps) = (0, 0);
        if (path == InstructionSet.Avx512)
        {
            (wholeColumns, wholeSteps) = (columns / Line * Line, steps / Line * Line);
            OuterPanel.Transpose(values, stride, wholeColumns, wholeSteps, width, panel);
        }
        for (var column = 0; column < columns; column++)
            for (var step = column < wholeColumns ? wholeSteps : 0; step < steps; step++)
                panel[step * width + column] = values[column * stride + step];
        var read = GemmTile.ReadColumns(path, columns);
        for (var step = 0; step < steps && columns < read; step++)
            panel[(step * width + columns)..(step * width + read)].Clear();
    }
}
