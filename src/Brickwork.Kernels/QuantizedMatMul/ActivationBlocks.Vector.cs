using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul;

static partial class ActivationBlocks
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void QuantizeVector(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        for (; !values.IsEmpty; values = values[BlockLength..], blocks = blocks[BlockBytes..])
            QuantizeBlockVector(values[..BlockLength], blocks[..BlockBytes]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void QuantizeBlockVector(ReadOnlySpan<float> values, Span<byte> block)
    {
        var values0 = Vector256.Create(values);
        var values1 = Vector256.Create(values[8..]);
        var values2 = Vector256.Create(values[16..]);
        var values3 = Vector256.Create(values[24..]);
        // As bits, an undefined value is larger than any other.
        var largest = Vector256.Max(
            Vector256.Max(Vector256.Abs(values0).AsInt32(), Vector256.Abs(values1).AsInt32()),
            Vector256.Max(Vector256.Abs(values2).AsInt32(), Vector256.Abs(values3).AsInt32()));
        var four = Vector128.Max(largest.GetLower(), largest.GetUpper());
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        var inverse = WriteScale(BitConverter.Int32BitsToSingle(Math.Max(two[0], two[1])), block);
        if (inverse == 0)
        {
            block[..BlockLength].Clear();
            WriteSums(0, 0, block);
            return;
        }
        var quants0 = Vector256.ConvertToInt32Native(Vector256.Round(values0 * inverse));
        var quants1 = Vector256.ConvertToInt32Native(Vector256.Round(values1 * inverse));
        var quants2 = Vector256.ConvertToInt32Native(Vector256.Round(values2 * inverse));
        var quants3 = Vector256.ConvertToInt32Native(Vector256.Round(values3 * inverse));
        Vector256.Narrow(Vector256.Narrow(quants0, quants1), Vector256.Narrow(quants2, quants3)).AsByte().CopyTo(block);
        WriteSums(Vector256.Sum(quants0 + quants1), Vector256.Sum(quants2 + quants3), block);
    }
}
