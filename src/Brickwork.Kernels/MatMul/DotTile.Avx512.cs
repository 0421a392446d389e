using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.MatMul;

// A dot product is one register here: 24 of the 32 registers hold a tile of 4 rows and 6 tokens, four hold the weights.
static partial class DotTile
{
    static unsafe void AccumulateAvx512(in Rows weights, in Rows inputs, int columns, Span<float> lanes)
    {
        fixed (float* weight = &MemoryMarshal.GetReference(weights.Values))
        fixed (float* input = &MemoryMarshal.GetReference(inputs.Values))
        fixed (float* sums = &MemoryMarshal.GetReference(lanes))
        {
            nint tokenLanes = (nint)weights.Count * Lanes;
            var fourRows = weights.Count & ~3;
            for (var token = 0; token < inputs.Count;)
            {
                var x = input + (nint)token * inputs.Stride;
                var tokens = (inputs.Count - token) switch { >= 6 => 6, >= 2 => 2, _ => 1 };
                for (var row = 0; row < fourRows; row += 4)
                {
                    var w = weight + (nint)row * weights.Stride;
                    var s = sums + token * tokenLanes + row * Lanes;
                    if (tokens == 6)
                        Tile4x6Avx512(w, weights.Stride, x, inputs.Stride, columns, s, tokenLanes);
                    else if (tokens == 2)
                        Tile4x2Avx512(w, weights.Stride, x, inputs.Stride, columns, s, tokenLanes);
                    else
                        Tile4x1Avx512(w, weights.Stride, x, columns, s);
                }
                for (var row = fourRows; row < weights.Count; row++)
                    for (var t = 0; t < tokens; t++)
                        DotAvx512(weight + (nint)row * weights.Stride, x + (nint)t * inputs.Stride, columns,
                            sums + (token + t) * tokenLanes + row * Lanes);
                token += tokens;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Tile4x6Avx512(float* weight, nint weightStride, float* input, nint inputStride, nint columns, float* sums,
        nint tokenLanes)
    {
        var sums1 = sums + tokenLanes;
        var sums2 = sums1 + tokenLanes;
        var sums3 = sums2 + tokenLanes;
        var sums4 = sums3 + tokenLanes;
        var sums5 = sums4 + tokenLanes;
        var s00 = Vector512.Load(sums); var s01 = Vector512.Load(sums + 16); var s02 = Vector512.Load(sums + 32);
        var s03 = Vector512.Load(sums + 48);
        var s10 = Vector512.Load(sums1); var s11 = Vector512.Load(sums1 + 16); var s12 = Vector512.Load(sums1 + 32);
        var s13 = Vector512.Load(sums1 + 48);
        var s20 = Vector512.Load(sums2); var s21 = Vector512.Load(sums2 + 16); var s22 = Vector512.Load(sums2 + 32);
        var s23 = Vector512.Load(sums2 + 48);
        var s30 = Vector512.Load(sums3); var s31 = Vector512.Load(sums3 + 16); var s32 = Vector512.Load(sums3 + 32);
        var s33 = Vector512.Load(sums3 + 48);
        var s40 = Vector512.Load(sums4); var s41 = Vector512.Load(sums4 + 16); var s42 = Vector512.Load(sums4 + 32);
        var s43 = Vector512.Load(sums4 + 48);
        var s50 = Vector512.Load(sums5); var s51 = Vector512.Load(sums5 + 16); var s52 = Vector512.Load(sums5 + 32);
        var s53 = Vector512.Load(sums5 + 48);
        var weight1 = weight + weightStride;
        var weight2 = weight1 + weightStride;
        var weight3 = weight2 + weightStride;
        var input1 = input + inputStride;
        var input2 = input1 + inputStride;
        var input3 = input2 + inputStride;
        var input4 = input3 + inputStride;
        var input5 = input4 + inputStride;
        for (nint column = 0; column < columns; column += Lanes)
        {
            var w0 = Vector512.Load(weight + column);
            var w1 = Vector512.Load(weight1 + column);
            var w2 = Vector512.Load(weight2 + column);
            var w3 = Vector512.Load(weight3 + column);
            var x = Vector512.Load(input + column);
            s00 = Avx512F.FusedMultiplyAdd(w0, x, s00); s01 = Avx512F.FusedMultiplyAdd(w1, x, s01);
            s02 = Avx512F.FusedMultiplyAdd(w2, x, s02); s03 = Avx512F.FusedMultiplyAdd(w3, x, s03);
            x = Vector512.Load(input1 + column);
            s10 = Avx512F.FusedMultiplyAdd(w0, x, s10); s11 = Avx512F.FusedMultiplyAdd(w1, x, s11);
            s12 = Avx512F.FusedMultiplyAdd(w2, x, s12); s13 = Avx512F.FusedMultiplyAdd(w3, x, s13);
            x = Vector512.Load(input2 + column);
            s20 = Avx512F.FusedMultiplyAdd(w0, x, s20); s21 = Avx512F.FusedMultiplyAdd(w1, x, s21);
            s22 = Avx512F.FusedMultiplyAdd(w2, x, s22); s23 = Avx512F.FusedMultiplyAdd(w3, x, s23);
            x = Vector512.Load(input3 + column);
            s30 = Avx512F.FusedMultiplyAdd(w0, x, s30); s31 = Avx512F.FusedMultiplyAdd(w1, x, s31);
            s32 = Avx512F.FusedMultiplyAdd(w2, x, s32); s33 = Avx512F.FusedMultiplyAdd(w3, x, s33);
            x = Vector512.Load(input4 + column);
            s40 = Avx512F.FusedMultiplyAdd(w0, x, s40); s41 = Avx512F.FusedMultiplyAdd(w1, x, s41);
            s42 = Avx512F.FusedMultiplyAdd(w2, x, s42); s43 = Avx512F.FusedMultiplyAdd(w3, x, s43);
            x = Vector512.Load(input5 + column);
            s50 = Avx512F.FusedMultiplyAdd(w0, x, s50); s51 = Avx512F.FusedMultiplyAdd(w1, x, s51);
            s52 = Avx512F.FusedMultiplyAdd(w2, x, s52); s53 = Avx512F.FusedMultiplyAdd(w3, x, s53);
        }
        s00.Store(sums); s01.Store(sums + 16); s02.Store(sums + 32); s03.Store(sums + 48);
        s10.Store(sums1); s11.Store(sums1 + 16); s12.Store(sums1 + 32); s13.Store(sums1 + 48);
        s20.Store(sums2); s21.Store(sums2 + 16); s22.Store(sums2 + 32); s23.Store(sums2 + 48);
        s30.Store(sums3); s31.Store(sums3 + 16); s32.Store(sums3 + 32); s33.Store(sums3 + 48);
        s40.Store(sums4); s41.Store(sums4 + 16); s42.Store(sums4 + 32); s43.Store(sums4 + 48);
        s50.Store(sums5); s51.Store(sums5 + 16); s52.Store(sums5 + 32); s53.Store(sums5 + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Tile4x2Avx512(float* weight, nint weightStride, float* input, nint inputStride, nint columns, float* sums,
        nint tokenLanes)
    {
        var sums1 = sums + tokenLanes;
        var s00 = Vector512.Load(sums); var s01 = Vector512.Load(sums + 16); var s02 = Vector512.Load(sums + 32);
        var s03 = Vector512.Load(sums + 48);
        var s10 = Vector512.Load(sums1); var s11 = Vector512.Load(sums1 + 16); var s12 = Vector512.Load(sums1 + 32);
        var s13 = Vector512.Load(sums1 + 48);
        var weight1 = weight + weightStride;
        var weight2 = weight1 + weightStride;
        var weight3 = weight2 + weightStride;
        var input1 = input + inputStride;
        for (nint column = 0; column < columns; column += Lanes)
        {
            var w0 = Vector512.Load(weight + column);
            var w1 = Vector512.Load(weight1 + column);
            var w2 = Vector512.Load(weight2 + column);
            var w3 = Vector512.Load(weight3 + column);
            var x = Vector512.Load(input + column);
            s00 = Avx512F.FusedMultiplyAdd(w0, x, s00); s01 = Avx512F.FusedMultiplyAdd(w1, x, s01);
            s02 = Avx512F.FusedMultiplyAdd(w2, x, s02); s03 = Avx512F.FusedMultiplyAdd(w3, x, s03);
            x = Vector512.Load(input1 + column);
            s10 = Avx512F.FusedMultiplyAdd(w0, x, s10); s11 = Avx512F.FusedMultiplyAdd(w1, x, s11);
            s12 = Avx512F.FusedMultiplyAdd(w2, x, s12); s13 = Avx512F.FusedMultiplyAdd(w3, x, s13);
        }
        s00.Store(sums); s01.Store(sums + 16); s02.Store(sums + 32); s03.Store(sums + 48);
        s10.Store(sums1); s11.Store(sums1 + 16); s12.Store(sums1 + 32); s13.Store(sums1 + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Tile4x1Avx512(float* weight, nint weightStride, float* input, nint columns, float* sums)
    {
        var s0 = Vector512.Load(sums); var s1 = Vector512.Load(sums + 16); var s2 = Vector512.Load(sums + 32);
        var s3 = Vector512.Load(sums + 48);
        var weight1 = weight + weightStride;
        var weight2 = weight1 + weightStride;
        var weight3 = weight2 + weightStride;
        var ahead = 4 * weightStride;
        for (nint column = 0; column < columns; column += Lanes)
        {
            // A short row is over before the processor starts to fetch ahead: ask for the next four rows here.
            Sse.Prefetch0(weight + ahead + column); Sse.Prefetch0(weight1 + ahead + column);
            Sse.Prefetch0(weight2 + ahead + column); Sse.Prefetch0(weight3 + ahead + column);
            var x = Vector512.Load(input + column);
            s0 = Avx512F.FusedMultiplyAdd(x, Vector512.Load(weight + column), s0);
            s1 = Avx512F.FusedMultiplyAdd(x, Vector512.Load(weight1 + column), s1);
            s2 = Avx512F.FusedMultiplyAdd(x, Vector512.Load(weight2 + column), s2);
            s3 = Avx512F.FusedMultiplyAdd(x, Vector512.Load(weight3 + column), s3);
        }
        s0.Store(sums); s1.Store(sums + 16); s2.Store(sums + 32); s3.Store(sums + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void DotAvx512(float* weight, float* input, nint columns, float* sums)
    {
        var sum = Vector512.Load(sums);
        for (nint column = 0; column < columns; column += Lanes)
            sum = Avx512F.FusedMultiplyAdd(Vector512.Load(weight + column), Vector512.Load(input + column), sum);
        sum.Store(sums);
    }
}
