namespace Brickwork.Kernels.Merging;

/// <summary>What merges do to differences x − o of weights: sums in double precision, of which each is rounded once.</summary>
/// <remarks>
/// An empty origin is one of zeros. Nothing is fused and sums have eight lanes on every processor, so that every processor gives the same bits.
/// </remarks>
static partial class Differences
{
    /// <summary>Lanes of a sum.</summary>
    const int Lanes = 8;

    /// <summary>sums += scale · (x − o), in plain loops.</summary>
    public static void AddReference(ReadOnlySpan<float> x, ReadOnlySpan<float> origin, double scale, Span<double> sums)
    {
        for (var i = 0; i < x.Length; i++)
            sums[i] += scale * ((double)x[i] - (origin.IsEmpty ? 0 : origin[i]));
    }

    /// <summary>y = o + scale · sums, rounded to F32, in plain loops.</summary>
    public static void RoundReference(ReadOnlySpan<float> origin, double scale, ReadOnlySpan<double> sums, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = (float)((origin.IsEmpty ? 0 : origin[i]) + scale * sums[i]);
    }

    /// <summary>y = |x − o|, in plain loops.</summary>
    public static void MagnitudesReference(ReadOnlySpan<float> x, ReadOnlySpan<float> origin, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = Math.Abs(origin.IsEmpty ? x[i] : x[i] - origin[i]);
    }

    /// <summary>Σ (a − o)(b − o), in plain loops: lane by lane, then the lanes in order.</summary>
    public static double ProductReference(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> origin)
    {
        Span<double> lanes = stackalloc double[Lanes];
        lanes.Clear();
        for (var i = 0; i < a.Length; i++)
        {
            var zero = origin.IsEmpty ? 0.0 : origin[i];
            lanes[i % Lanes] += (a[i] - zero) * (b[i] - zero);
        }
        var sum = 0.0;
        foreach (var lane in lanes)
            sum += lane;
        return sum;
    }
}
