using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>Fits scale * q + minimum, q whole from 0 to highest, to a group of values by weighted least squares.</summary>
/// <remarks>For a given rounding the best scale and minimum solve two linear equations. Roundings are tried around the one that spreads
/// the levels over the whole range of the values, then around the best one so far, with the levels moved by
/// parts of a step.</remarks>
readonly ref struct AffineFit
{
    const int Steps = 10;
    const int NearShifts = 2;
    const double NearShift = 0.2; // of a step
    const double NearStep = 0.3;
    const float StepSize = 0.1f;

    readonly ReadOnlySpan<float> _values;
    readonly ReadOnlySpan<float> _weights;
    readonly float _highest;
    readonly float _low;        // subtracted from all values, so that sums stay exact when all are far from zero
    readonly double _ceiling;   // of the minimum, less _low
    readonly double _sumW;
    readonly double _sumX;
    readonly double _sumXX;

    AffineFit(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int highest, float low, float ceiling)
    {
        _values = values;
        _weights = weights;
        (_highest, _low, _ceiling) = (highest, low, (double)ceiling - low);
        var (w, x, xx) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i <= values.Length - 8; i += 8)
        {
            var value = Vector256.Create(values[i..]) - Vector256.Create(low);
            var weight = Vector256.Create(weights[i..]);
            w += weight;
            x += weight * value;
            xx += weight * value * value;
        }
        (_sumW, _sumX, _sumXX) = (Vector256.Sum(w), Vector256.Sum(x), Vector256.Sum(xx));
    }

    /// <summary>The best scale, a minimum not above the ceiling, and sum(w q q), which tells how much an error of the scale counts.
    /// The length is a multiple of 8.</summary>
    public static (float Scale, float Minimum, float Weight) Run(
        ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int highest, float ceiling)
    {
        var (low, high) = Range(values);
        low = MathF.Min(low, ceiling);
        if (high - low < ScaleFit.Tiny)
            return (0, low, 0);
        var fit = new AffineFit(values, weights, highest, low, ceiling);
        var best = (Error: double.PositiveInfinity, Scale: 0d, Minimum: 0d, Weight: 0d);
        for (var step = -Steps; step <= Steps; step++)
            fit.Try((highest + StepSize * step) / (high - low), 0, ref best);
        for (var shift = -NearShifts; shift <= NearShifts; shift++)
            for (var step = -1; step <= 1 && best.Scale > 0; step++)
            {
                var inverse = (1 + NearStep * step / highest) / best.Scale;
                fit.Try((float)inverse, (float)(best.Minimum + NearShift * shift * best.Scale), ref best);
            }
        return ((float)best.Scale, (float)(best.Minimum + low), (float)best.Weight);
    }

    /// <summary>Rounds with the given inverse scale and minimum, solves for the best ones and keeps them if they are better.</summary>
    void Try(float inverse, float minimum, ref (double Error, double Scale, double Minimum, double Weight) best)
    {
        var (q, qq, xq) = Sums(inverse, minimum + _low);
        if (qq == 0)
            return;
        var determinant = _sumW * qq - q * q;
        var solved = determinant > 1e-6 * _sumW * qq ? (qq * _sumX - q * xq) / determinant : 0;
        var newMinimum = Math.Min(solved, _ceiling);
        var newScale = (xq - newMinimum * q) / qq;
        var error = _sumXX + newScale * newScale * qq + newMinimum * newMinimum * _sumW
            - 2 * (newScale * xq + newMinimum * _sumX - newScale * newMinimum * q);
        if (error < best.Error)
            best = (error, newScale, newMinimum, qq);
    }

    (double Q, double QQ, double XQ) Sums(float inverse, float minimum)
    {
        var (sumQ, sumQQ, sumXQ) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var highest = Vector256.Create(_highest);
        for (var i = 0; i <= _values.Length - 8; i += 8)
        {
            var value = Vector256.Create(_values[i..]);
            var scaled = Vector256.Round((value - Vector256.Create(minimum)) * inverse);
            var q = Vector256.Min(Vector256.Max(scaled, Vector256<float>.Zero), highest);
            var weighted = Vector256.Create(_weights[i..]) * q;
            sumQ += weighted;
            sumQQ += weighted * q;
            sumXQ += weighted * (value - Vector256.Create(_low));
        }
        return (Vector256.Sum(sumQ), Vector256.Sum(sumQQ), Vector256.Sum(sumXQ));
    }

    /// <summary>The smallest and the largest value. The length is a multiple of 8.</summary>
    public static (float Low, float High) Range(ReadOnlySpan<float> values)
    {
        var low = Vector256.Create(values);
        var high = low;
        for (var i = 8; i <= values.Length - 8; i += 8)
        {
            var value = Vector256.Create(values[i..]);
            (low, high) = (Vector256.Min(low, value), Vector256.Max(high, value));
        }
        var (lows, highs) = (Vector128.Min(low.GetLower(), low.GetUpper()), Vector128.Max(high.GetLower(), high.GetUpper()));
        return (MathF.Min(MathF.Min(lows[0], lows[1]), MathF.Min(lows[2], lows[3])),
            MathF.Max(MathF.Max(highs[0], highs[1]), MathF.Max(highs[2], highs[3])));
    }
}
