using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>ggml's search for the scale of values stored as scale * q, q from -levels to levels - 1.</summary>
/// <remarks>The extreme value is given the level -levels, then levels up to 0.9 around it; each rounding has a best scale,
/// sum(w x q) / sum(w q q), and the one that leaves the smallest error wins. Quants stay as rounded
/// with the scale that was tried.</remarks>
static class ScaleSearch
{
    const int Steps = 9;
    const float StepSize = 0.1f;

    /// <summary>Runs over eight blocks, one in each lane.</summary>
    public static Vector256<float> Run(
        ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, int levels, Span<byte> quants)
    {
        var extreme = Extreme(values);
        var present = Vector256.GreaterThanOrEqual(Vector256.Abs(extreme), Vector256.Create(ScaleFit.Tiny));
        var inverse = Vector256.Create(-(float)levels) / extreme;
        var (xq, qq) = Sums(values, weights, inverse, levels);
        var scale = Vector256.ConditionalSelect(Vector256.Equals(qq, Vector256<float>.Zero), Vector256<float>.Zero, xq / qq);
        var gain = scale * xq;
        for (var step = -Steps; step <= Steps; step++)
        {
            if (step == 0)
                continue;
            var tried = Vector256.Create(-(levels + StepSize * step)) / extreme;
            (xq, qq) = Sums(values, weights, tried, levels);
            var better = Vector256.GreaterThan(qq, Vector256<float>.Zero) & Vector256.GreaterThan(xq * xq, gain * qq);
            scale = Vector256.ConditionalSelect(better, xq / qq, scale);
            gain = Vector256.ConditionalSelect(better, scale * xq, gain);
            inverse = Vector256.ConditionalSelect(better, tried, inverse);
        }
        for (var i = 0; i < values.Length; i++)
        {
            var q = Round(values[i], inverse, levels) + Vector256.Create((float)levels);
            q = Vector256.ConditionalSelect(present, q, Vector256<float>.Zero);
            Rounding.Store(Vector256.ConvertToInt32(q), quants[(SearchedRow.Lanes * i)..]);
        }
        return Vector256.ConditionalSelect(present, scale, Vector256<float>.Zero);
    }

    /// <summary>The value of largest magnitude of each block, the first of equals.</summary>
    static Vector256<float> Extreme(ReadOnlySpan<Vector256<float>> values)
    {
        var (extreme, magnitude) = (Vector256<float>.Zero, Vector256<float>.Zero);
        foreach (var value in values)
        {
            var larger = Vector256.GreaterThan(Vector256.Abs(value), magnitude);
            extreme = Vector256.ConditionalSelect(larger, value, extreme);
            magnitude = Vector256.ConditionalSelect(larger, Vector256.Abs(value), magnitude);
        }
        return extreme;
    }

    static (Vector256<float> XQ, Vector256<float> QQ) Sums(
        ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, Vector256<float> inverse, int levels)
    {
        var (xq, qq) = (Vector256<float>.Zero, Vector256<float>.Zero);
        weights = weights[..values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var q = Round(values[i], inverse, levels);
            xq += weights[i] * values[i] * q;
            qq += weights[i] * q * q;
        }
        return (xq, qq);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Round(Vector256<float> values, Vector256<float> inverse, int levels)
    {
        var whole = Vector256.Round(inverse * values);
        return Vector256.Max(Vector256.Min(whole, Vector256.Create(levels - 1f)), Vector256.Create(-(float)levels));
    }
}
