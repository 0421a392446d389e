using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.MatMul;

/// <summary>Lays factors of a product out in the order in which its tiles read them.</summary>
static partial class GemmPacking
{
    // Eight floats are written where six are wanted: the last step needs room, and whole cache lines keep tiles apart.
    const int Line = 16;

    /// <summary>Floats from one packed tile of rows to the next.</summary>
    public static int TileFloats(int depth) => (depth * GemmTile.Rows + 2 + Line - 1) / Line * Line;

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

    /// <summary>Tiles of rows, from a left factor that is stored transposed.</summary>
    /// <param name="values">[depth, rows], with stored rows <paramref name="stride"/> values apart.</param>
    /// <param name="stride">At least <paramref name="rows"/>.</param>
    /// <param name="rows">How many rows; whole tiles, but for the last ones of a matrix.</param>
    /// <param name="depth">Values of a row.</param>
    /// <param name="tiles">[tiles, <see cref="TileFloats"/>].</param>
    public static void PackRows(ReadOnlySpan<float> values, int stride, int rows, int depth, Span<float> tiles)
    {
        var tileFloats = TileFloats(depth);
        var whole = Math.Max(0, (rows - 2) / GemmTile.Rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(tiles.Length, Tiles(rows) * tileFloats, nameof(tiles));
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, (depth - 1) * stride + rows, nameof(values));
        ref var source = ref MemoryMarshal.GetReference(values);
        ref var target = ref MemoryMarshal.GetReference(tiles);
        for (var step = 0; step < depth; step++)
            for (var tile = 0; tile < whole; tile++)
                Vector256.LoadUnsafe(ref source, (nuint)(step * stride + tile * GemmTile.Rows))
                    .StoreUnsafe(ref target, (nuint)(tile * tileFloats + step * GemmTile.Rows));
        for (var row = whole * GemmTile.Rows; row < rows; row++)
            for (var step = 0; step < depth; step++)
                tiles[row / GemmTile.Rows * tileFloats + step * GemmTile.Rows + row % GemmTile.Rows] = values[step * stride + row];
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
    public static void PackColumns(InstructionSet path, ReadOnlySpan<float> values, int stride, int columns, int first, int steps,
        int depth, Span<float> panels)
    {
        var width = GemmTile.Columns(path);
        for (var column = 0; column < columns; column += width)
        {
            var count = Math.Min(width, columns - column);
            var read = GemmTile.ReadColumns(path, count);
            var panel = panels.Slice(column / width * PanelFloats(path, depth) + first * width, steps * width);
            if (count == MostColumns)
                CopyRows(values[column..], stride, panel);
            else
                for (var step = 0; step < steps; step++)
                {
                    var row = panel.Slice(step * width, read);
                    values.Slice(step * stride + column, count).CopyTo(row);
                    row[count..].Clear();
                }
        }
    }

    /// <summary>One panel, from a right factor that is stored transposed.</summary>
    /// <param name="path">Says how wide panels are.</param>
    /// <param name="values">[columns, steps], with stored rows <paramref name="stride"/> values apart.</param>
    /// <param name="stride">At least <paramref name="steps"/>.</param>
    /// <param name="columns">Columns of this panel.</param>
    /// <param name="steps">Values of a column.</param>
    /// <param name="panel">[steps, columns of a tile].</param>
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

    const int MostColumns = GemmTile.MostColumns;

    /// <summary>Rows as wide as the widest tile.</summary>
    static void CopyRows(ReadOnlySpan<float> values, int stride, Span<float> panel)
    {
        var rows = panel.Length / MostColumns;
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, (rows - 1) * stride + MostColumns, nameof(values));
        ref var source = ref MemoryMarshal.GetReference(values);
        ref var target = ref MemoryMarshal.GetReference(panel);
        for (var row = 0; row < rows; row++)
            for (var lane = 0; lane < MostColumns; lane += Vector512<float>.Count)
                Vector512.LoadUnsafe(ref source, (nuint)(row * stride + lane)).StoreUnsafe(ref target, (nuint)(row * MostColumns + lane));
    }
}
