using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.MatMul;

/// <summary>Lays the right factor of a product out as panels, where tiles cannot read it as it lies.</summary>
/// <remarks>
/// Nothing else is laid out: a tile takes a row of either factor in one or a few cache lines wherever it lies, and what one thread
/// writes and another reads at once costs more than it saves.
/// </remarks>
static partial class GemmPacking
{
    /// <summary>Floats from one packed panel of columns to the next.</summary>
    public static int PanelFloats(InstructionSet path, int depth) => depth * GemmTile.Columns(path);

    /// <summary>Panels that so many columns are.</summary>
    public static int Panels(InstructionSet path, int columns) => (columns + GemmTile.Columns(path) - 1) / GemmTile.Columns(path);

    /// <summary>Whether tiles may read a right factor of so many columns as it lies, in rows.</summary>
    public static bool IsReadable(InstructionSet path, int columns)
    {
        var last = (columns - 1) % GemmTile.Columns(path) + 1;
        return last == GemmTile.ReadColumns(path, last);
    }

    /// <summary>What <see cref="PackColumns"/> and <see cref="PackTransposed"/> leave.</summary>
    public static GemmColumns PackedColumns(InstructionSet path, ReadOnlySpan<float> panels, int depth) =>
        new(panels, PanelFloats(path, depth), GemmTile.Columns(path));

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
            (wholeColumns, wholeSteps) = (columns / DotTile.Lanes * DotTile.Lanes, steps / DotTile.Lanes * DotTile.Lanes);
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
