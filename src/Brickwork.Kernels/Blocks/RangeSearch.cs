using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>ggml's search for the scale and the minimum, not above zero, of values stored as scale * q + minimum, q from 0 to highest.</summary>
/// <remarks>Levels are spread over the range of the values, from 0.9 too few of them to 0.9 too many; each rounding has a best scale and
/// minimum, the solution of two linear equations. A better one is kept, and the tries after it start from its minimum. Quants stay
/// as rounded with the scale that was tried.</remarks>
readonly ref struct RangeSearch
{
    const int Steps = 36;
    const float FirstStep = -0.9f;
    const float StepSize = 0.05f;

    readonly ReadOnlySpan<float> _values;
    readonly ReadOnlySpan<float> _weights;
    readonly Vector256<float> _highest;
    readonly Vector256<float> _sumW;
    readonly Vector256<float> _sumX;

    RangeSearch(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int highest)
    {
        _values = values;
        _weights = weights;
        _highest = Vector256.Create((float)highest);
        _sumW = Vector256.Create(weights);
        _sumX = _sumW * Vector256.Create(values);
        for (var i = SearchedRow.Lanes; i <= values.Length - SearchedRow.Lanes; i += SearchedRow.Lanes)
        {
            var weight = Vector256.Create(weights[i..]);
            _sumW += weight;
            _sumX += weight * Vector256.Create(values[i..]);
        }
    }

    /// <summary>Runs over eight blocks, one in each lane.</summary>
    public static (Vector256<float> Scales, Vector256<float> Minima) Run(
        ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int highest, Span<byte> quants) =>
        new RangeSearch(values, weights, highest).Run(quants);

    (Vector256<float> Scales, Vector256<float> Minima) Run(Span<byte> quants)
    {
        var (low, high) = Range();
        var spread = Vector256.GreaterThan(high, low);
        var best = new Rounding(_highest / (high - low), low);
        var (scale, minimum) = (Vector256<float>.One / best.Inverse, low);
        var smallest = Error(best, scale, minimum);
        for (var step = 0; step <= Steps; step++)
        {
            var levels = Vector256.Create(FirstStep + StepSize * step) + _highest;
            var tried = new Rounding(levels / (high - minimum), minimum);
            var (newScale, newMinimum, solvable) = Solve(tried);
            var error = Error(tried, newScale, newMinimum);
            var better = solvable & Vector256.LessThan(error, smallest);
            smallest = Vector256.ConditionalSelect(better, error, smallest);
            scale = Vector256.ConditionalSelect(better, newScale, scale);
            minimum = Vector256.ConditionalSelect(better, newMinimum, minimum);
            best = new Rounding(
                Vector256.ConditionalSelect(better, tried.Inverse, best.Inverse),
                Vector256.ConditionalSelect(better, tried.Minimum, best.Minimum));
        }
        for (var i = 0; i < SearchedRow.Length; i++)
            SearchedRow.Gather(Vector256.ConditionalSelect(spread, Round(SearchedRow.Lanes * i, best), Vector256<float>.Zero), i, quants);
        return (Vector256.ConditionalSelect(spread, scale, Vector256<float>.Zero), minimum);
    }

    /// <summary>The smallest value of each block, zero where all are positive, and the largest.</summary>
    (Vector256<float> Low, Vector256<float> High) Range()
    {
        var low = Vector256.Create(_values);
        var high = low;
        for (var i = SearchedRow.Lanes; i <= _values.Length - SearchedRow.Lanes; i += SearchedRow.Lanes)
        {
            var value = Vector256.Create(_values[i..]);
            low = Vector256.ConditionalSelect(Vector256.LessThan(value, low), value, low);
            high = Vector256.ConditionalSelect(Vector256.GreaterThan(value, high), value, high);
        }
        return (Vector256.ConditionalSelect(Vector256.GreaterThan(low, Vector256<float>.Zero), Vector256<float>.Zero, low), high);
    }

    /// <summary>The best scale and minimum for a rounding, and in which blocks there is one.</summary>
    (Vector256<float> Scale, Vector256<float> Minimum, Vector256<float> Solvable) Solve(Rounding rounding)
    {
        var (q, qq, xq) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i <= _values.Length - SearchedRow.Lanes; i += SearchedRow.Lanes)
        {
            var quant = Round(i, rounding);
            var weighted = Vector256.Create(_weights[i..]) * quant;
            q += weighted;
            qq += weighted * quant;
            xq += weighted * Vector256.Create(_values[i..]);
        }
        var determinant = _sumW * qq - q * q;
        var scale = (_sumW * xq - _sumX * q) / determinant;
        var minimum = (qq * _sumX - q * xq) / determinant;
        var above = Vector256.GreaterThan(minimum, Vector256<float>.Zero);
        return (
            Vector256.ConditionalSelect(above, xq / qq, scale),
            Vector256.ConditionalSelect(above, Vector256<float>.Zero, minimum),
            Vector256.GreaterThan(determinant, Vector256<float>.Zero));
    }

    /// <summary>The weighted sum of squares that the quants of a rounding leave with a scale and a minimum.</summary>
    Vector256<float> Error(Rounding rounding, Vector256<float> scale, Vector256<float> minimum)
    {
        var sum = Vector256<float>.Zero;
        for (var i = 0; i <= _values.Length - SearchedRow.Lanes; i += SearchedRow.Lanes)
        {
            var difference = scale * Round(i, rounding) + minimum - Vector256.Create(_values[i..]);
            sum += Vector256.Create(_weights[i..]) * (difference * difference);
        }
        return sum;
    }

    Vector256<float> Round(int i, Rounding rounding)
    {
        var whole = Vector256.Round(rounding.Inverse * (Vector256.Create(_values[i..]) - rounding.Minimum));
        return Vector256.Max(Vector256.Min(whole, _highest), Vector256<float>.Zero);
    }

    readonly record struct Rounding(Vector256<float> Inverse, Vector256<float> Minimum);
}
