namespace Brickwork.Models.Conversion;

/// <summary>Sums of the squares of what the columns of a tensor's matrices were multiplied with.</summary>
/// <param name="Sums">[E, C]: E matrices (experts) or 1, C columns.</param>
/// <param name="Counts">[E], how many inputs each has seen.</param>
sealed record ColumnSums(float[] Sums, float[] Counts)
{
    public int Columns => Sums.Length / Counts.Length;

    public float CountAt(int index) => Counts[index / Columns];

    /// <summary>The means, [E, C]; ones for a matrix that has seen nothing, or nothing but zeros.</summary>
    public float[] Means()
    {
        var means = new float[Sums.Length];
        for (var matrix = 0; matrix < Counts.Length; matrix++)
        {
            var own = means.AsSpan(matrix * Columns, Columns);
            for (var column = 0; column < own.Length && Counts[matrix] > 0; column++)
                own[column] = Sums[matrix * Columns + column] / Counts[matrix];
            if (!own.ContainsAnyExcept(0f))
                own.Fill(1);
        }
        return means;
    }

    /// <summary>Where a sum or its count is no number or negative, or null.</summary>
    public int? FirstFault()
    {
        for (var index = 0; index < Sums.Length; index++)
            if (!IsAmount(Sums[index]) || !IsAmount(CountAt(index)))
                return index;
        return null;
    }

    static bool IsAmount(float value) => value >= 0 && float.IsFinite(value);
}
