namespace Brickwork.Tensors.Operations;

/// <summary>Puts rows where they belong: y[rows[i]] = x[i]; the other rows of y stay as they are.</summary>
static partial class Scatter
{
    /// <param name="x">[N, D].</param>
    /// <param name="rows">[N], rows of y, each once.</param>
    /// <param name="y">[T, D].</param>
    public static void Run(Tensor x, ReadOnlySpan<int> rows, Tensor y)
    {
        for (var row = 0; row < rows.Length; row++)
            x.Row(row).CopyTo(y.Row(rows[row]));
    }
}
