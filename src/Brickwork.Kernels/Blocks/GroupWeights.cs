namespace Brickwork.Kernels.Blocks;

/// <summary>The weights of a group in its error sum.</summary>
static class GroupWeights
{
    static readonly float[] Ones = [.. Enumerable.Repeat(1f, 256)];

    /// <summary>The importance of a group, or ones where there is none or all of it is zero.</summary>
    public static ReadOnlySpan<float> Of(ReadOnlySpan<float> importance, int start, int length)
    {
        if (!importance.IsEmpty)
        {
            var own = importance.Slice(start, length);
            if (own.ContainsAnyExcept(0f))
                return own;
        }
        return Ones.AsSpan(0, length);
    }
}
