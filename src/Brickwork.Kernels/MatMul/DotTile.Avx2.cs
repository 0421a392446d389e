using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.MatMul;

// A dot product is two registers here, so 12 of the 16 registers hold a tile of 2 rows and 3 tokens.
static partial class DotTile
{
    static unsafe void AccumulateAvx2(in Rows weights, in Rows inputs, int columns, Span<float> lanes)
    {
        fixed (float* weight = &MemoryMarshal.GetReference(weights.Values))
        fixed (float* input = &MemoryMarshal.GetReference(inputs.Values))
        fixed (float* sums = &MemoryMarshal.GetReference(lanes))
        {
            nint tokenLanes = (nint)weights.Count * Lanes;
            var token = 0;
            for (; token + 3 <= inputs.Count; token += 3)
            {
                var x = input + (nint)token * inputs.Stride;
                var row = 0;
                for (; row + 2 <= weights.Count; row += 2)
                    Tile2x3Avx2(weight + (nint)row * weights.Stride, weights.Stride, x, inputs.Stride, columns,
                        sums + token * tokenLanes + row * Lanes, tokenLanes);
                for (; row < weights.Count; row++)
                    for (var t = 0; t < 3; t++)
                        DotAvx2(weight + (nint)row * weights.Stride, x + (nint)t * inputs.Stride, columns,
                            sums + (token + t) * tokenLanes + row * Lanes);
            }
            for (; token < inputs.Count; token++)
            {
                var x = input + (nint)token * inputs.Stride;
                var row = 0;
                for (; row + 4 <= weights.Count; row += 4)
                    Tile4x1Avx2(weight + (nint)row * weights.Stride, weights.Stride, x, columns, sums + token * tokenLanes + row * Lanes);
                for (; row < weights.Count; row++)
                    DotAvx2(weight + (nint)row * weights.Stride, x, columns, sums + token * tokenLanes + row * Lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Tile2x3Avx2(float* weight, nint weightStride, float* input, nint inputStride, nint columns, float* sums,
        nint tokenLanes)
    {
        var sums1 = sums + tokenLanes;
        var sums2 = sums1 + tokenLanes;
        var a00 = Vector256.Load(sums); var b00 = Vector256.Load(sums + 8); var a01 = Vector256.Load(sums + 16);
        var b01 = Vector256.Load(sums + 24);
        var a10 = Vector256.Load(sums1); var b10 = Vector256.Load(sums1 + 8); var a11 = Vector256.Load(sums1 + 16);
        var b11 = Vector256.Load(sums1 + 24);
        var a20 = Vector256.Load(sums2); var b20 = Vector256.Load(sums2 + 8); var a21 = Vector256.Load(sums2 + 16);
        var b21 = Vector256.Load(sums2 + 24);
        var weight1 = weight + weightStride;
        var input1 = input + inputStride;
        var input2 = input1 + inputStride;
        for (nint column = 0; column < columns; column += Lanes)
        {
            var w0 = Vector256.Load(weight + column);
            var w1 = Vector256.Load(weight1 + column);
            var x = Vector256.Load(input + column);
            a00 = Fma.MultiplyAdd(w0, x, a00); a01 = Fma.MultiplyAdd(w1, x, a01);
            x = Vector256.Load(input1 + column);
            a10 = Fma.MultiplyAdd(w0, x, a10); a11 = Fma.MultiplyAdd(w1, x, a11);
            x = Vector256.Load(input2 + column);
            a20 = Fma.MultiplyAdd(w0, x, a20); a21 = Fma.MultiplyAdd(w1, x, a21);
            w0 = Vector256.Load(weight + column + 8);
            w1 = Vector256.Load(weight1 + column + 8);
            x = Vector256.Load(input + column + 8);
            b00 = Fma.MultiplyAdd(w0, x, b00); b01 = Fma.MultiplyAdd(w1, x, b01);
            x = Vector256.Load(input1 + column + 8);
            b10 = Fma.MultiplyAdd(w0, x, b10); b11 = Fma.MultiplyAdd(w1, x, b11);
            x = Vector256.Load(input2 + column + 8);
            b20 = Fma.MultiplyAdd(w0, x, b20); b21 = Fma.MultiplyAdd(w1, x, b21);
        }
        a00.Store(sums); b00.Store(sums + 8); a01.Store(sums + 16); b01.Store(sums + 24);
        a10.Store(sums1); b10.Store(sums1 + 8); a11.Store(sums1 + 16); b11.Store(sums1 + 24);
        a20.Store(sums2); b20.Store(sums2 + 8); a21.Store(sums2 + 16); b21.Store(sums2 + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Tile4x1Avx2(float* weight, nint weightStride, float* input, nint columns, float* sums)
    {
        var a0 = Vector256.Load(sums); var b0 = Vector256.Load(sums + 8); var a1 = Vector256.Load(sums + 16);
        var b1 = Vector256.Load(sums + 24);
        var a2 = Vector256.Load(sums + 32); var b2 = Vector256.Load(sums + 40); var a3 = Vector256.Load(sums + 48);
        var b3 = Vector256.Load(sums + 56);
        var weight1 = weight + weightStride;
        var weight2 = weight1 + weightStride;
        var weight3 = weight2 + weightStride;
        for (nint column = 0; column < columns; column += Lanes)
        {
            var xa = Vector256.Load(input + column);
            var xb = Vector256.Load(input + column + 8);
            a0 = Fma.MultiplyAdd(xa, Vector256.Load(weight + column), a0);
            b0 = Fma.MultiplyAdd(xb, Vector256.Load(weight + column + 8), b0);
            a1 = Fma.MultiplyAdd(xa, Vector256.Load(weight1 + column), a1);
            b1 = Fma.MultiplyAdd(xb, Vector256.Load(weight1 + column + 8), b1);
            a2 = Fma.MultiplyAdd(xa, Vector256.Load(weight2 + column), a2);
            b2 = Fma.MultiplyAdd(xb, Vector256.Load(weight2 + column + 8), b2);
            a3 = Fma.MultiplyAdd(xa, Vector256.Load(weight3 + column), a3);
            b3 = Fma.MultiplyAdd(xb, Vector256.Load(weight3 + column + 8), b3);
        }
        a0.Store(sums); b0.Store(sums + 8); a1.Store(sums + 16); b1.Store(sums + 24);
        a2.Store(sums + 32); b2.Store(sums + 40); a3.Store(sums + 48); b3.Store(sums + 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void DotAvx2(float* weight, float* input, nint columns, float* sums)
    {
        var a = Vector256.Load(sums);
        var b = Vector256.Load(sums + 8);
        for (nint column = 0; column < columns; column += Lanes)
        {
            a = Fma.MultiplyAdd(Vector256.Load(weight + column), Vector256.Load(input + column), a);
            b = Fma.MultiplyAdd(Vector256.Load(weight + column + 8), Vector256.Load(input + column + 8), b);
        }
        a.Store(sums);
        b.Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void ReduceAvx2(ReadOnlySpan<float> lanes, Span<float> sums)
    {
        var index = 0;
        fixed (float* lane = &MemoryMarshal.GetReference(lanes))
        fixed (float* sum = &MemoryMarshal.GetReference(sums))
            for (; index + 4 <= sums.Length; index += 4)
            {
                var four = lane + (nint)index * Lanes;
                // A horizontal add of neighbours, twice, is the top of the tree for four sums at once.
                var first = Sse3.HorizontalAdd(QuartersAvx2(four), QuartersAvx2(four + Lanes));
                var second = Sse3.HorizontalAdd(QuartersAvx2(four + 2 * Lanes), QuartersAvx2(four + 3 * Lanes));
                Sse3.HorizontalAdd(first, second).Store(sum + index);
            }
        ReduceReference(lanes[(index * Lanes)..], sums[index..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe Vector128<float> QuartersAvx2(float* lane)
    {
        var eight = Vector256.Load(lane) + Vector256.Load(lane + 8);
        return eight.GetLower() + eight.GetUpper();
    }
}
