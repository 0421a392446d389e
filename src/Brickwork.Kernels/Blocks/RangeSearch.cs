using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>ggml's search for the scale and the minimum, not above zero, of values stored as scale * q + minimum.</summary>
/// <remarks>Levels are spread over the range of the values, from 0.9 too few of them to 0.9 too many; each rounding has a best scale and
/// minimum, the solution of two linear equations. A better one is kept, and the tries after it start from its minimum. Quants stay
/// as rounded with the scale that was tried.</remarks>
readonly ref struct RangeSearch
{
    const int Steps = 36;
    const float FirstStep = -0.9f;
    const float StepSize = 0.05f;

    readonly ReadOnlySpan<Vector256<float>> _values;
    readonly ReadOnlySpan<Vector256<float>> _weights;
    readonly Span<Vector256<float>> _tried; // the quants of the last rounding
    readonly Vector256<float> _highest;
    readonly Vector256<float> _sumW;
    readonly Vector256<float> _sumX;

    RangeSearch(ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, int highest, Span<Vector256<float>> tried)
    {
        _values = values;
        _weights = weights;
        _tried = tried;
        _highest = Vector256.Create((float)highest);
        for (var i = 0; i < values.Length; i++)
        {
            _sumW += weights[i];
            _sumX += weights[i] * values[i];
        }
    }

    /// <summary>Runs over eight blocks, one in each lane.</summary>
    public static (Vector256<float> Scales, Vector256<float> Minima) Run(
        ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, int highest, Span<byte> quants)
    {
        Span<Vector256<float>> tried = stackalloc Vector256<float>[SearchedRow.Length];
        return new RangeSearch(values, weights, highest, tried).Run(quants);
    }

    (Vector256<float> Scales, Vector256<float> Minima) Run(Span<byte> quants)
    {
        var (low, high) = Range();
        var spread = Vector256.GreaterThan(high, low);
        var best = new Rounding(_highest / (high - low), low);
        var (scale, minimum) = (Vector256<float>.One / best.Inverse, low);
        Round(best);
        var smallest = Error(scale, minimum);
        for (var step = 0; step <= Steps; step++)
        {
            var levels = Vector256.Create(FirstStep + StepSize * step) + _highest;
            var rounding = new Rounding(levels / (high - minimum), minimum);
            var (newScale, newMinimum, solvable) = Solve(Round(rounding));
            var error = Error(newScale, newMinimum);
            var better = solvable & Vector256.LessThan(error, smallest);
            smallest = Vector256.ConditionalSelect(better, error, smallest);
            scale = Vector256.ConditionalSelect(better, newScale, scale);
            minimum = Vector256.ConditionalSelect(better, newMinimum, minimum);
            best = Rounding.Choose(better, rounding, best);
        }
        Round(best);
        for (var i = 0; i < _tried.Length; i++)
        {
            var own = Vector256.ConditionalSelect(spread, _tried[i], Vector256<float>.Zero);
            Blocks.Rounding.Store(Vector256.ConvertToInt32(own), quants[(SearchedRow.Lanes * i)..]);
        }
        return (Vector256.ConditionalSelect(spread, scale, Vector256<float>.Zero), minimum);
    }

    /// <summary>The smallest value of each block, zero where all are positive, and the largest.</summary>
    (Vector256<float> Low, Vector256<float> High) Range()
    {
        var (low, high) = (_values[0], _values[0]);
        foreach (var value in _values)
        {
            low = Vector256.ConditionalSelect(Vector256.LessThan(value, low), value, low);
            high = Vector256.ConditionalSelect(Vector256.GreaterThan(value, high), value, high);
        }
        return (Vector256.ConditionalSelect(Vector256.GreaterThan(low, Vector256<float>.Zero), Vector256<float>.Zero, low), high);
    }

    /// <summary>Rounds all values; gives the weighted sums of quants q, of their squares and of their products with the values.</summary>
    Sums Round(Rounding rounding)
    {
        var values = _values;
        var weights = _weights[..values.Length];
        var tried = _tried[..values.Length];
        var (q, qq, xq) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i < values.Length; i++)
        {
            var whole = Vector256.Round(rounding.Inverse * (values[i] - rounding.Minimum));
            var quant = Vector256.Max(Vector256.Min(whole, _highest), Vector256<float>.Zero);
            tried[i] = quant;
            var weighted = weights[i] * quant;
            q += weighted;
            qq += weighted * quant;
            xq += weighted * values[i];
        }
        return new Sums(q, qq, xq);
    }

    /// <summary>The best scale and minimum for a rounding, and in which blocks there is one.</summary>
    (Vector256<float> Scale, Vector256<float> Minimum, Vector256<float> Solvable) Solve(Sums sums)
    {
        var determinant = _sumW * sums.QQ - sums.Q * sums.Q;
        var scale = (_sumW * sums.XQ - _sumX * sums.Q) / determinant;
        var minimum = (sums.QQ * _sumX - sums.Q * sums.XQ) / determinant;
        var above = Vector256.GreaterThan(minimum, Vector256<float>.Zero);
        return (
            Vector256.ConditionalSelect(above, sums.XQ / sums.QQ, scale),
            Vector256.ConditionalSelect(above, Vector256<float>.Zero, minimum),
            Vector256.GreaterThan(determinant, Vector256<float>.Zero));
    }

    /// <summary>The weighted sum of squares that the quants last tried leave with a scale and a minimum.</summary>
    Vector256<float> Error(Vector256<float> scale, Vector256<float> minimum)
    {
        var values = _values;
        var weights = _weights[..values.Length];
        var tried = _tried[..values.Length];
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < values.Length; i++)
        {
            var difference = scale * tried[i] + minimum - values[i];
            sum += weights[i] * (difference * difference);
        }
        return sum;
    }

    readonly record struct Sums(Vector256<float> Q, Vector256<float> QQ, Vector256<float> XQ);

    readonly record struct Rounding(Vector256<float> Inverse, Vector256<float> Minimum)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rounding Choose(Vector256<float> where, Rounding chosen, Rounding otherwise) => new(
            Vector256.ConditionalSelect(where, chosen.Inverse, otherwise.Inverse),
            Vector256.ConditionalSelect(where, chosen.Minimum, otherwise.Minimum));
    }
}
