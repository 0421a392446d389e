using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>Writes a row with importance byte for byte as ggml does, eight blocks at once.</summary>
/// <remarks>Each block has a lane of its own (value i of block b lies in lane b of vector i), so that its sums are taken in the order of
/// its values, as ggml takes them: bytes are equal only when every rounding is.</remarks>
static class SearchedRow
{
    /// <summary>How many blocks are searched at once.</summary>
    public const int Lanes = 8;

    /// <summary>Values of a block.</summary>
    public const int Length = 32;

    public static void Write<TFormat>(ReadOnlySpan<float> row, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TFormat : struct, ISearchedFormat
    {
        Span<Vector256<float>> values = stackalloc Vector256<float>[Length];
        Span<Vector256<float>> weights = stackalloc Vector256<float>[Length];
        Span<byte> quants = stackalloc byte[Lanes * Length];
        Span<byte> own = stackalloc byte[Length];
        var (bytes, count, meanSquare) = (TFormat.Type.BlockBytes(), row.Length / Length, MeanSquare(row));
        for (var first = 0; first < count; first += Lanes)
        {
            var lanes = Math.Min(Lanes, count - first);
            for (var lane = 0; lane < lanes; lane++)
            {
                var start = (first + lane) * Length;
                var counts = GroupWeights.Of(importance, start, Length);
                Spread(row.Slice(start, Length), counts, meanSquare, lane, Floats(values), Floats(weights));
            }
            var (scales, minima) = TFormat.Search(values, weights, quants);
            for (var lane = 0; lane < lanes; lane++)
            {
                var block = blocks.Slice((first + lane) * bytes, bytes);
                for (var i = 0; i < Length; i++)
                    own[i] = quants[Lanes * i + lane];
                TFormat.Store(scales[lane], minima[lane], own, block);
            }
        }
    }

    static Span<float> Floats(Span<Vector256<float>> vectors) => MemoryMarshal.Cast<Vector256<float>, float>(vectors);

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
        Span<float> own = stackalloc float[Length];
        for (var i = 0; i <= Length - Lanes; i += Lanes)
        {
            var value = Vector256.Create(block[i..]);
            var size = Vector256.Sqrt(Vector256.Create(meanSquare) + value * value);
            (Vector256.Create(importance[i..]) * unit * size).CopyTo(own[i..]);
        }
        for (var i = 0; i < Length; i++)
        {
            values[Lanes * i + lane] = block[i];
            weights[Lanes * i + lane] = own[i];
        }
    }

    /// <summary>A power of two that brings the largest weight near one: no bit of a result depends on it, but sums stay in range.</summary>
    static float PowerOfTwoBelow(float largest)
    {
        var exponent = Math.Min(BitConverter.SingleToInt32Bits(largest) >> 23, 253);
        return BitConverter.Int32BitsToSingle(254 - exponent << 23);
    }
}
