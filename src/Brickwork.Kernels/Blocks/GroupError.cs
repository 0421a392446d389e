using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>What a group loses with given scales.</summary>
static class GroupError
{
    /// <summary>The weighted sum of squares of value - (scale * q - shift), q the nearest between the bounds.</summary>
    /// <remarks>The length is a multiple of 8.</remarks>
    public static float Of(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float scale, float shift, int lowest, int highest)
    {
        var sum = Vector256<float>.Zero;
        var inverse = scale == 0 ? 0 : 1 / scale;
        var (low, high) = (Vector256.Create((float)lowest), Vector256.Create((float)highest));
        for (var i = 0; i <= values.Length - 8; i += 8)
        {
            var lifted = Vector256.Create(values[i..]) + Vector256.Create(shift);
            var q = Vector256.Min(Vector256.Max(Vector256.Round(lifted * inverse), low), high);
            var error = lifted - q * scale;
            sum += Vector256.Create(weights[i..]) * error * error;
        }
        return Vector256.Sum(sum);
    }
}
