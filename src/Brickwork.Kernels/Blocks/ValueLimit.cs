using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>Finds values that a type cannot hold.</summary>
static class ValueLimit
{
    /// <summary>The first index whose value is NaN or beyond the limit, or -1.</summary>
    public static int FirstOutside(ReadOnlySpan<float> values, float limit)
    {
        var i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            if (!Vector256.LessThanOrEqualAll(Vector256.Abs(Vector256.Create(values[i..])), Vector256.Create(limit)))
                break;
        for (; i < values.Length; i++)
            if (!(MathF.Abs(values[i]) <= limit))
                return i;
        return -1;
    }

    /// <summary>The first index whose value is infinite or NaN, or -1.</summary>
    public static int FirstNotFinite(ReadOnlySpan<float> values) => FirstOutside(values, float.MaxValue);
}
