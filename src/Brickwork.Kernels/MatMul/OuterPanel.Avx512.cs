using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.MatMul;

// 24 of the 32 registers hold the sums of 64 rows and 6 tokens, four hold the weights, one an input.
static unsafe partial class OuterPanel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyAvx512(ReadOnlySpan<float> panel, ReadOnlySpan<float> inputs, int groups, int columns, Span<float> sums)
    {
        var steps = Steps(columns);
        var pieces = (steps + PieceSteps - 1) / PieceSteps;
        var pieceSteps = (steps + pieces - 1) / pieces;
        fixed (float* weight = &MemoryMarshal.GetReference(panel))
        fixed (float* input = &MemoryMarshal.GetReference(inputs))
        fixed (float* sum = &MemoryMarshal.GetReference(sums))
            for (var index = 0; index < DotTile.Lanes; index++)
            {
                var w = weight + (nint)LaneAt(index) * WeightLane(columns);
                var x = input + (nint)LaneAt(index) * InputLane(columns);
                var waiting = BitOperations.TrailingZeroCount(~index);
                for (var step = 0; step < steps; step += pieceSteps)
                {
                    var some = Math.Min(pieceSteps, steps - step);
                    var isLast = step + some == steps;
                    for (var group = 0; group < groups; group++)
                    {
                        var s = sum + group * GroupSums;
                        var result = s + waiting * LevelFloats;
                        TileAvx512(w + step * Rows, x + (nint)group * GroupFloats(columns) + step * GroupTokens, some, GroupFloats(columns),
                            step == 0 ? null : result, s, isLast ? waiting : 0, result);
                    }
                }
            }
    }

    /// <summary>Goes on with the sums of one lane and adds the lanes that wait for it.</summary>
    /// <param name="weight">[steps, 64].</param>
    /// <param name="input">[steps, 6].</param>
    /// <param name="steps">How many columns of the lane.</param>
    /// <param name="ahead">From these inputs to those to fetch for the next call.</param>
    /// <param name="begun">[6, 64]: sums of the columns before, or null.</param>
    /// <param name="waiting">[levels, 6, 64]: sums of other lanes to be added one after the other.</param>
    /// <param name="levels">How many.</param>
    /// <param name="result">[6, 64].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TileAvx512(float* weight, float* input, nint steps, nint ahead, float* begun, float* waiting, nint levels, float* result)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<float> s30 = default, s31 = default, s32 = default, s33 = default;
        Vector512<float> s40 = default, s41 = default, s42 = default, s43 = default;
        Vector512<float> s50 = default, s51 = default, s52 = default, s53 = default;
        if (begun != null)
        {
            s00 = Vector512.Load(begun); s01 = Vector512.Load(begun + 16);
            s02 = Vector512.Load(begun + 32); s03 = Vector512.Load(begun + 48);
            s10 = Vector512.Load(begun + 64); s11 = Vector512.Load(begun + 80);
            s12 = Vector512.Load(begun + 96); s13 = Vector512.Load(begun + 112);
            s20 = Vector512.Load(begun + 128); s21 = Vector512.Load(begun + 144);
            s22 = Vector512.Load(begun + 160); s23 = Vector512.Load(begun + 176);
            s30 = Vector512.Load(begun + 192); s31 = Vector512.Load(begun + 208);
            s32 = Vector512.Load(begun + 224); s33 = Vector512.Load(begun + 240);
            s40 = Vector512.Load(begun + 256); s41 = Vector512.Load(begun + 272);
            s42 = Vector512.Load(begun + 288); s43 = Vector512.Load(begun + 304);
            s50 = Vector512.Load(begun + 320); s51 = Vector512.Load(begun + 336);
            s52 = Vector512.Load(begun + 352); s53 = Vector512.Load(begun + 368);
        }
        for (; steps > 0; steps--, weight += Rows, input += GroupTokens)
        {
            Sse.Prefetch0(input + ahead);
            var w0 = Vector512.Load(weight);
            var w1 = Vector512.Load(weight + 16);
            var w2 = Vector512.Load(weight + 32);
            var w3 = Vector512.Load(weight + 48);
            var x = Vector512.Create(input[0]);
            s00 = Avx512F.FusedMultiplyAdd(w0, x, s00); s01 = Avx512F.FusedMultiplyAdd(w1, x, s01);
            s02 = Avx512F.FusedMultiplyAdd(w2, x, s02); s03 = Avx512F.FusedMultiplyAdd(w3, x, s03);
            x = Vector512.Create(input[1]);
            s10 = Avx512F.FusedMultiplyAdd(w0, x, s10); s11 = Avx512F.FusedMultiplyAdd(w1, x, s11);
            s12 = Avx512F.FusedMultiplyAdd(w2, x, s12); s13 = Avx512F.FusedMultiplyAdd(w3, x, s13);
            x = Vector512.Create(input[2]);
            s20 = Avx512F.FusedMultiplyAdd(w0, x, s20); s21 = Avx512F.FusedMultiplyAdd(w1, x, s21);
            s22 = Avx512F.FusedMultiplyAdd(w2, x, s22); s23 = Avx512F.FusedMultiplyAdd(w3, x, s23);
            x = Vector512.Create(input[3]);
            s30 = Avx512F.FusedMultiplyAdd(w0, x, s30); s31 = Avx512F.FusedMultiplyAdd(w1, x, s31);
            s32 = Avx512F.FusedMultiplyAdd(w2, x, s32); s33 = Avx512F.FusedMultiplyAdd(w3, x, s33);
            x = Vector512.Create(input[4]);
            s40 = Avx512F.FusedMultiplyAdd(w0, x, s40); s41 = Avx512F.FusedMultiplyAdd(w1, x, s41);
            s42 = Avx512F.FusedMultiplyAdd(w2, x, s42); s43 = Avx512F.FusedMultiplyAdd(w3, x, s43);
            x = Vector512.Create(input[5]);
            s50 = Avx512F.FusedMultiplyAdd(w0, x, s50); s51 = Avx512F.FusedMultiplyAdd(w1, x, s51);
            s52 = Avx512F.FusedMultiplyAdd(w2, x, s52); s53 = Avx512F.FusedMultiplyAdd(w3, x, s53);
        }
        for (; levels > 0; levels--, waiting += LevelFloats)
        {
            s00 = Vector512.Load(waiting) + s00; s01 = Vector512.Load(waiting + 16) + s01;
            s02 = Vector512.Load(waiting + 32) + s02; s03 = Vector512.Load(waiting + 48) + s03;
            s10 = Vector512.Load(waiting + 64) + s10; s11 = Vector512.Load(waiting + 80) + s11;
            s12 = Vector512.Load(waiting + 96) + s12; s13 = Vector512.Load(waiting + 112) + s13;
            s20 = Vector512.Load(waiting + 128) + s20; s21 = Vector512.Load(waiting + 144) + s21;
            s22 = Vector512.Load(waiting + 160) + s22; s23 = Vector512.Load(waiting + 176) + s23;
            s30 = Vector512.Load(waiting + 192) + s30; s31 = Vector512.Load(waiting + 208) + s31;
            s32 = Vector512.Load(waiting + 224) + s32; s33 = Vector512.Load(waiting + 240) + s33;
            s40 = Vector512.Load(waiting + 256) + s40; s41 = Vector512.Load(waiting + 272) + s41;
            s42 = Vector512.Load(waiting + 288) + s42; s43 = Vector512.Load(waiting + 304) + s43;
            s50 = Vector512.Load(waiting + 320) + s50; s51 = Vector512.Load(waiting + 336) + s51;
            s52 = Vector512.Load(waiting + 352) + s52; s53 = Vector512.Load(waiting + 368) + s53;
        }
        s00.Store(result); s01.Store(result + 16); s02.Store(result + 32); s03.Store(result + 48);
        s10.Store(result + 64); s11.Store(result + 80); s12.Store(result + 96); s13.Store(result + 112);
        s20.Store(result + 128); s21.Store(result + 144); s22.Store(result + 160); s23.Store(result + 176);
        s30.Store(result + 192); s31.Store(result + 208); s32.Store(result + 224); s33.Store(result + 240);
        s40.Store(result + 256); s41.Store(result + 272); s42.Store(result + 288); s43.Store(result + 304);
        s50.Store(result + 320); s51.Store(result + 336); s52.Store(result + 352); s53.Store(result + 368);
    }
}
