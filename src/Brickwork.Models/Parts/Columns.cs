namespace Brickwork.Models.Parts;

/// <summary>Copies columns of matrices in scratch memory.</summary>
static class Columns
{
    /// <summary>Columns <paramref name="first"/> … of every row: [T, in] → [T, count].</summary>
    public static Tensor Copy(Tensor matrix, int first, int count, ForwardContext context)
    {
        var copy = context.Take(matrix.Rows, count);
        Copy(matrix, first, count, copy, 0);
        return copy;
    }

    /// <summary>Columns <paramref name="first"/> … of every row, to columns <paramref name="at"/> … of another matrix of as many rows.</summary>
    public static void Copy(Tensor matrix, int first, int count, Tensor target, int at)
    {
        for (var row = 0; row < matrix.Rows; row++)
            matrix.Row(row).Slice(first, count).CopyTo(target.Row(row).Slice(at, count));
    }
}
