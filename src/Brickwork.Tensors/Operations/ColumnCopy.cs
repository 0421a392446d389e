namespace Brickwork.Tensors.Operations;

/// <summary>Copies columns of every row to columns of another matrix.</summary>
static partial class ColumnCopy
{
    /// <param name="x">[T, in].</param>
    /// <param name="first">The first column that is copied.</param>
    /// <param name="count">How many.</param>
    /// <param name="y">[T, out].</param>
    /// <param name="at">Where the first one goes.</param>
    public static void Run(Tensor x, int first, int count, Tensor y, int at)
    {
        for (var row = 0; row < x.Rows; row++)
            x.Row(row).Slice(first, count).CopyTo(y.Row(row).Slice(at, count));
    }
}
