namespace Brickwork.Models.Parts;

/// <summary>Cuts and joins the columns of matrices in scratch memory.</summary>
static class Columns
{
    /// <summary>Columns <paramref name="first"/> … of every row: [T, in] → [T, count].</summary>
    public static Tensor Copy(Tensor matrix, int first, int count, ForwardContext context)
    {
        var copy = context.Take(matrix.Rows, count);
        for (var row = 0; row < matrix.Rows; row++)
            matrix.Row(row).Slice(first, count).CopyTo(copy.Row(row));
        return copy;
    }

    /// <summary>The matrices side by side.</summary>
    public static Tensor Join(ReadOnlySpan<Tensor> matrices, ForwardContext context)
    {
        var width = 0;
        foreach (var matrix in matrices)
            width += matrix.Columns;
        var joined = context.Take(matrices[0].Rows, width);
        for (var row = 0; row < joined.Rows; row++)
        {
            var target = joined.Row(row);
            foreach (var matrix in matrices)
            {
                matrix.Row(row).CopyTo(target);
                target = target[matrix.Columns..];
            }
        }
        return joined;
    }
}
