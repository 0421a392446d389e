namespace Brickwork.Tensors.Operations;

/// <summary>Copies chosen rows of a matrix: y[i] = x[rows[i]].</summary>
static partial class Gather
{
    public static Tensor Run(Tensor x, ReadOnlySpan<int> rows, Tensor y)
    {
        for (var row = 0; row < rows.Length; row++)
            x.Row(rows[row]).CopyTo(y.Row(row));
        return y;
    }
}
