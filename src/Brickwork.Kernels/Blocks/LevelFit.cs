using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>Fits scale * level, with the uneven levels of IQ4_NL, to a group of values by weighted least squares.</summary>
static class LevelFit
{
    const int Steps = 9;
    const float StepSize = 2;

    /// <summary>The best scale, of either sign, and sum(w level level), which tells how much an error of the scale counts; zeros for a
    /// group of zeros. The length is a multiple of 16.</summary>
    public static (float Scale, float Weight) Run(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        var extreme = ScaleFit.Extreme(values);
        if (MathF.Abs(extreme) < ScaleFit.Tiny)
            return default;
        var best = (Scale: 0f, Weight: 0f);
        for (var step = -Steps; step <= Steps; step++)
            Try(values, weights, (IQ4_NL.Levels[0] + StepSize * step) / extreme, ref best);
        if (best.Scale != 0)
            Try(values, weights, 1 / best.Scale, ref best);
        return best;
    }

    /// <summary>The number of the nearest level of each value; that of the level nearest to zero where the scale is 0.</summary>
    public static void Round(ReadOnlySpan<float> values, float scale, Span<byte> numbers)
    {
        var inverse = scale == 0 ? 0 : 1 / scale;
        for (var i = 0; i <= values.Length - 16; i += 16)
            Numbers(values[i..], inverse).CopyTo(numbers[i..]);
    }

    static void Try(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float inverse, ref (float Scale, float Weight) best)
    {
        Span<float> levels = stackalloc float[16];
        var (xl, ll) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i <= values.Length - 16; i += 16)
        {
            var nearest = Vector128.Shuffle(Vector128.Create(IQ4_NL.Levels), Numbers(values[i..], inverse).AsSByte());
            SixteenLanes.Scale(nearest, 1, levels);
            for (var half = 0; half < 16; half += 8)
            {
                var level = Vector256.Create(levels[half..]);
                var weighted = Vector256.Create(weights[(i + half)..]) * level;
                xl += weighted * Vector256.Create(values[(i + half)..]);
                ll += weighted * level;
            }
        }
        var (sumXL, sumLL) = (Vector256.Sum(xl), Vector256.Sum(ll));
        if (sumXL * sumXL > best.Scale * best.Scale * best.Weight * sumLL)
            best = (sumXL / sumLL, sumLL);
    }

    /// <summary>Nearest level numbers of sixteen values: how many middles between levels lie at or below each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> Numbers(ReadOnlySpan<float> values, float inverse)
    {
        // Doubled, the middles are whole, so that comparing the whole part below is exact.
        var doubled = Vector256.Narrow(FloorOfDouble(values, inverse), FloorOfDouble(values[8..], inverse));
        var count = Vector256<short>.Zero;
        for (var number = 1; number < 16; number++)
        {
            var middle = IQ4_NL.Levels[number - 1] + IQ4_NL.Levels[number];
            count -= Vector256.GreaterThan(doubled, Vector256.Create((short)(middle - 1)));
        }
        return Vector128.Narrow(count.GetLower(), count.GetUpper()).AsByte();
    }

    static Vector256<int> FloorOfDouble(ReadOnlySpan<float> values, float inverse)
    {
        var doubled = Vector256.Floor(Vector256.Create(values) * (2 * inverse));
        return Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(doubled, Vector256.Create(-256f)), Vector256.Create(255f)));
    }
}
