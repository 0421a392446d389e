using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>Fits scale * q, q whole between two bounds, to a group of values by weighted least squares.</summary>
/// <remarks>For a given rounding the best scale is sum(w x q) / sum(w q q), and it removes sum(w x q)^2 / sum(w q q) from the error.
/// Roundings are tried around the one that gives the largest value the bound that is farther from zero.</remarks>
static class ScaleFit
{
    /// <summary>Values below this are taken as zero: no half scale could hold them, and their inverse may overflow.</summary>
    public const float Tiny = 1e-15f;

    const int Steps = 9;
    const float StepSize = 0.1f;

    /// <summary>The best scale, of either sign, and sum(w q q), which tells how much an error of the scale counts; zeros for a group
    /// of zeros. The length is a multiple of 8.</summary>
    public static (float Scale, float Weight) Run(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int lowest, int highest)
    {
        var extreme = Extreme(values);
        if (MathF.Abs(extreme) < Tiny)
            return default;
        float bound = -lowest > highest ? lowest : highest;
        var best = (Scale: 0f, Weight: 0f);
        for (var step = -Steps; step <= Steps; step++)
            Try(values, weights, lowest, highest, (bound + StepSize * step) / extreme, ref best);
        if (best.Scale != 0)
            Try(values, weights, lowest, highest, 1 / best.Scale, ref best);
        return best;
    }

    /// <summary>The value of largest magnitude, the first of equals. The length is a multiple of 8.</summary>
    public static float Extreme(ReadOnlySpan<float> values)
    {
        var largest = Vector256<float>.Zero;
        for (var i = 0; i <= values.Length - 8; i += 8)
            largest = Vector256.Max(largest, Vector256.Abs(Vector256.Create(values[i..])));
        var four = Vector128.Max(largest.GetLower(), largest.GetUpper());
        var magnitude = MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
        for (var i = 0; i <= values.Length - 8; i += 8)
        {
            var found = Vector256.Equals(Vector256.Abs(Vector256.Create(values[i..])), Vector256.Create(magnitude));
            if (found.ExtractMostSignificantBits() != 0)
                return values[i + BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits())];
        }
        return 0;
    }

    static void Try(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int lowest, int highest, float inverse,
        ref (float Scale, float Weight) best)
    {
        var (xq, qq) = Sums(values, weights, lowest, highest, inverse);
        if (xq * xq > best.Scale * best.Scale * best.Weight * qq)
            best = (xq / qq, qq);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (float XQ, float QQ) Sums(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int lowest, int highest, float inverse)
    {
        var (xq, qq) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var (low, high) = (Vector256.Create((float)lowest), Vector256.Create((float)highest));
        for (var i = 0; i <= values.Length - 8; i += 8)
        {
            var x = Vector256.Create(values[i..]);
            var q = Vector256.Min(Vector256.Max(Vector256.Round(x * inverse), low), high);
            var weighted = Vector256.Create(weights[i..]) * q;
            xq += weighted * x;
            qq += weighted * q;
        }
        return (Vector256.Sum(xq), Vector256.Sum(qq));
    }
}
