namespace Brickwork.Kernels.Softmax;

/// <summary>Where the largest values of a row stand. Of equal values the lower index comes first; NaN counts as the smallest.</summary>
static class Largest
{
    /// <summary>The index of the largest value.</summary>
    public static int Index(ReadOnlySpan<float> x)
    {
        if (x.IsEmpty)
            throw new ArgumentException("An empty row has no largest value.", nameof(x));
        var best = 0;
        for (var i = 1; i < x.Length; i++)
            if (Precedes(x[i], x[best]))
                best = i;
        return best;
    }

    /// <summary>The indices of the largest values, largest first; as many as <paramref name="indices"/> holds.</summary>
    public static void Indices(ReadOnlySpan<float> x, Span<int> indices)
    {
        if (indices.Length > x.Length)
            throw new ArgumentException($"A row of {x.Length} values has no {indices.Length} largest.", nameof(indices));
        var found = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (found == indices.Length && (found == 0 || !Precedes(x[i], x[indices[^1]])))
                continue;
            var place = found == indices.Length ? found - 1 : found++;
            for (; place > 0 && Precedes(x[i], x[indices[place - 1]]); place--)
                indices[place] = indices[place - 1];
            indices[place] = i;
        }
    }

    static bool Precedes(float candidate, float other) => candidate > other || (float.IsNaN(other) && !float.IsNaN(candidate));
}
