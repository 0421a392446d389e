using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>Writes a row with importance byte for byte as ggml does, eight blocks at once.</summary>
/// <remarks>Each block has a lane of its own (value i of block b lies at 8 * i + b), so that its sums are taken in the order of its
/// values, as ggml takes them: bytes are equal only when every rounding is.</remarks>
static class SearchedRow
{
    /// <summary>How many blocks are searched at once.</summary>
    public const int Lanes = 8;

    /// <summary>Values of a block.</summary>
    public const int Length = 32;

    public static void Write<TFormat>(ReadOnlySpan<float> row, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TFormat : struct, ISearchedFormat
    {
        Span<float> values = stackalloc float[Lanes * Length];
        Span<float> weights = stackalloc float[Lanes * Length];
        Span<byte> quants = stackalloc byte[Lanes * Length];
        var (bytes, count, meanSquare) = (TFormat.Type.BlockBytes(), row.Length / Length, MeanSquare(row));
        for (var first = 0; first < count; first += Lanes)
        {
            var lanes = Math.Min(Lanes, count - first);
            for (var lane = 0; lane < lanes; lane++)
            {
                var start = (first + lane) * Length;
                var own = GroupWeights.Of(importance, start, Length);
                Spread(row.Slice(start, Length), own, meanSquare, lane, values, weights);
            }
            var (scales, minima) = TFormat.Search(values, weights, quants);
            for (var lane = 0; lane < lanes; lane++)
            {
                var block = blocks.Slice((first + lane) * bytes, bytes);
                TFormat.Store(scales[lane], minima[lane], quants.Slice(lane * Length, Length), block);
            }
        }
    }

    /// <summary>The quants of the eight blocks from lanes to block after block.</summary>
    public static void Gather(Vector256<float> quants, int i, Span<byte> target)
    {
        var whole = Vector256.ConvertToInt32(quants);
        for (var lane = 0; lane < Lanes; lane++)
            target[lane * Length + i] = (byte)whole[lane];
    }

    static float MeanSquare(ReadOnlySpan<float> row)
    {
        var sum = 0f;
        foreach (var value in row)
            sum += value * value;
        return sum / row.Length;
    }

    /// <summary>Puts a block in its lane. Large values count more, as their errors are likely to be the harmful ones.</summary>
    static void Spread(ReadOnlySpan<float> block, ReadOnlySpan<float> importance, float meanSquare, int lane,
        Span<float> values, Span<float> weights)
    {
        var unit = PowerOfTwoBelow(AffineFit.Range(importance).High);
        for (var i = 0; i < Length; i++)
        {
            values[Lanes * i + lane] = block[i];
            weights[Lanes * i + lane] = importance[i] * unit * MathF.Sqrt(meanSquare + block[i] * block[i]);
        }
    }

    /// <summary>A power of two that brings the largest weight near one: no bit of a result depends on it, but sums stay in range.</summary>
    static float PowerOfTwoBelow(float largest)
    {
        var exponent = Math.Min(BitConverter.SingleToInt32Bits(largest) >> 23, 253);
        return BitConverter.Int32BitsToSingle(254 - exponent << 23);
    }
}
