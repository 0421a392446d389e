namespace Brickwork.Kernels.MatMul;

/// <summary>The right factor of a product: panels as wide as a tile, one beside or behind the other.</summary>
/// <param name="values">From the first value of the first panel on.</param>
/// <param name="panelStride">From one panel to the next.</param>
/// <param name="stepStride">From one row of a panel to the next.</param>
readonly ref struct GemmColumns(ReadOnlySpan<float> values, int panelStride, int stepStride)
{
    public ReadOnlySpan<float> Values { get; } = values;

    public int PanelStride { get; } = panelStride;

    public int StepStride { get; } = stepStride;

    /// <summary>The same from a panel and a step on.</summary>
    public GemmColumns From(int panel, int step) => new(Values[(panel * PanelStride + step * StepStride)..], PanelStride, StepStride);

    /// <summary>Raises an exception where the values are too few.</summary>
    public void Check(InstructionSet path, GemmSize size) => ArgumentOutOfRangeException.ThrowIfLessThan(
        Values.Length, (size.Depth - 1L) * StepStride + GemmTile.ReadColumns(path, size.Columns), nameof(Values));
}
