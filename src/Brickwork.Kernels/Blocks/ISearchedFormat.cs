using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>A format of 32 values whose scales are searched for when there is importance.</summary>
interface ISearchedFormat : IWritableFormat
{
    /// <summary>Searches eight blocks, whose values and weights lie as <see cref="SearchedRow"/> says.</summary>
    /// <param name="values">[32], of eight blocks each.</param>
    /// <param name="weights">[32] alike, how much an error of each value counts.</param>
    /// <param name="quants">Out: [32, 8].</param>
    /// <returns>Scale and minimum of each block; formats without a minimum return zeros.</returns>
    static abstract (Vector256<float> Scales, Vector256<float> Minima) Search(
        ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, Span<byte> quants);

    /// <summary>Writes a block.</summary>
    static abstract void Store(float scale, float minimum, ReadOnlySpan<byte> quants, Span<byte> block);
}
