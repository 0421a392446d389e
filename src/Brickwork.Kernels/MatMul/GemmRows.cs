namespace Brickwork.Kernels.MatMul;

/// <summary>The left factor of a strip: tiles of <see cref="GemmTile.Rows"/> rows, in any layout with even distances.</summary>
/// <param name="values">From the first value of the first tile on.</param>
/// <param name="tileStride">From one tile to the next.</param>
/// <param name="rowStride">From one row of a tile to the next.</param>
/// <param name="stepStride">From one value of a row to the next.</param>
readonly ref struct GemmRows(ReadOnlySpan<float> values, int tileStride, int rowStride, int stepStride)
{
    public ReadOnlySpan<float> Values { get; } = values;

    public int TileStride { get; } = tileStride;

    public int RowStride { get; } = rowStride;

    public int StepStride { get; } = stepStride;

    /// <summary>Rows as they lie in a matrix.</summary>
    public static GemmRows Of(in MatrixView matrix) => matrix.IsTransposed
        ? new(matrix.Values, GemmTile.Rows, 1, matrix.Stride)
        : new(matrix.Values, GemmTile.Rows * matrix.Stride, matrix.Stride, 1);

    /// <summary>The same from a tile and a step on.</summary>
    public GemmRows From(int tile, int step) =>
        new(Values[(tile * TileStride + step * StepStride)..], TileStride, RowStride, StepStride);

    /// <summary>Raises an exception where the values are too few.</summary>
    public void Check(GemmSize size)
    {
        var last = (size.Rows - 1) / GemmTile.Rows * (long)TileStride + (size.Rows - 1) % GemmTile.Rows * RowStride
            + (size.Depth - 1L) * StepStride;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Values.Length, last, nameof(Values));
    }
}
