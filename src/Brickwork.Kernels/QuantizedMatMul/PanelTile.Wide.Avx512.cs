using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

static unsafe partial class PanelTile<TFormat>
{
    /// <summary>Factors of 5 or 6 bits, or grades per half block: four, or two, products fit 16 bits before they must be widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WideTileAvx512(byte* weights, int blocks, int* input0, int* input1, int* input2, int* input3, float* sum)
    {
        var one = Vector512.Create((short)1);
        var gradesAt = GradesAt;
        var isGraded = TFormat.Grades == ScaleGrades.PerHalfBlock;
        var isSixBits = PanelLayout<TFormat>.FactorBits == 6;
        var f00 = Vector512.Load(sum + 0); var f01 = Vector512.Load(sum + 16);
        var f10 = Vector512.Load(sum + 32); var f11 = Vector512.Load(sum + 48);
        var f20 = Vector512.Load(sum + 64); var f21 = Vector512.Load(sum + 80);
        var f30 = Vector512.Load(sum + 96); var f31 = Vector512.Load(sum + 112);
        var first = weights;
        var factorsAt = FactorsAt;
        var unpackedBytes = UnpackedBytes;
        for (var block = 0; block < blocks; block++)
        {
            var second = first + unpackedBytes;
            var factors = first + factorsAt;
            var next = second + factorsAt;
            Vector512<byte> w0, w1;
            Vector512<sbyte> x;
            Vector512<short> s00, s01, s10, s11, s20, s21, s30, s31;
            var i00 = ZeroAvx512(first, input0); var i01 = ZeroAvx512(second, input0);
            var i10 = ZeroAvx512(first, input1); var i11 = ZeroAvx512(second, input1);
            var i20 = ZeroAvx512(first, input2); var i21 = ZeroAvx512(second, input2);
            var i30 = ZeroAvx512(first, input3); var i31 = ZeroAvx512(second, input3);
            var grade0 = isGraded ? Vector512.Load((short*)(first + gradesAt + 0 * Vector)) : one;
            var grade1 = isGraded ? Vector512.Load((short*)(second + gradesAt + 0 * Vector)) : one;
            w0 = Vector512.Load(factors + 0); w1 = Vector512.Load(next + 0);
            x = Vector512.Create(input0[0]).AsSByte(); s00 = Avx512BW.MultiplyAddAdjacent(w0, x); s01 = Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[0]).AsSByte(); s10 = Avx512BW.MultiplyAddAdjacent(w0, x); s11 = Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[0]).AsSByte(); s20 = Avx512BW.MultiplyAddAdjacent(w0, x); s21 = Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[0]).AsSByte(); s30 = Avx512BW.MultiplyAddAdjacent(w0, x); s31 = Avx512BW.MultiplyAddAdjacent(w1, x);
            w0 = Vector512.Load(factors + 64); w1 = Vector512.Load(next + 64);
            x = Vector512.Create(input0[1]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[1]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[1]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[1]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
            if (isSixBits)
            {
                i00 += Avx512BW.MultiplyAddAdjacent(s00, grade0); i01 += Avx512BW.MultiplyAddAdjacent(s01, grade1);
                i10 += Avx512BW.MultiplyAddAdjacent(s10, grade0); i11 += Avx512BW.MultiplyAddAdjacent(s11, grade1);
                i20 += Avx512BW.MultiplyAddAdjacent(s20, grade0); i21 += Avx512BW.MultiplyAddAdjacent(s21, grade1);
                i30 += Avx512BW.MultiplyAddAdjacent(s30, grade0); i31 += Avx512BW.MultiplyAddAdjacent(s31, grade1);
                s00 = s01 = s10 = s11 = s20 = s21 = s30 = s31 = Vector512<short>.Zero;
            }
            w0 = Vector512.Load(factors + 128); w1 = Vector512.Load(next + 128);
            x = Vector512.Create(input0[2]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[2]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[2]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[2]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
            w0 = Vector512.Load(factors + 192); w1 = Vector512.Load(next + 192);
            x = Vector512.Create(input0[3]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[3]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[3]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[3]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
            i00 += Avx512BW.MultiplyAddAdjacent(s00, grade0); i01 += Avx512BW.MultiplyAddAdjacent(s01, grade1);
            i10 += Avx512BW.MultiplyAddAdjacent(s10, grade0); i11 += Avx512BW.MultiplyAddAdjacent(s11, grade1);
            i20 += Avx512BW.MultiplyAddAdjacent(s20, grade0); i21 += Avx512BW.MultiplyAddAdjacent(s21, grade1);
            i30 += Avx512BW.MultiplyAddAdjacent(s30, grade0); i31 += Avx512BW.MultiplyAddAdjacent(s31, grade1);
            grade0 = isGraded ? Vector512.Load((short*)(first + gradesAt + 1 * Vector)) : one;
            grade1 = isGraded ? Vector512.Load((short*)(second + gradesAt + 1 * Vector)) : one;
            w0 = Vector512.Load(factors + 256); w1 = Vector512.Load(next + 256);
            x = Vector512.Create(input0[4]).AsSByte(); s00 = Avx512BW.MultiplyAddAdjacent(w0, x); s01 = Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[4]).AsSByte(); s10 = Avx512BW.MultiplyAddAdjacent(w0, x); s11 = Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[4]).AsSByte(); s20 = Avx512BW.MultiplyAddAdjacent(w0, x); s21 = Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[4]).AsSByte(); s30 = Avx512BW.MultiplyAddAdjacent(w0, x); s31 = Avx512BW.MultiplyAddAdjacent(w1, x);
            w0 = Vector512.Load(factors + 320); w1 = Vector512.Load(next + 320);
            x = Vector512.Create(input0[5]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[5]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[5]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[5]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
            if (isSixBits)
            {
                i00 += Avx512BW.MultiplyAddAdjacent(s00, grade0); i01 += Avx512BW.MultiplyAddAdjacent(s01, grade1);
                i10 += Avx512BW.MultiplyAddAdjacent(s10, grade0); i11 += Avx512BW.MultiplyAddAdjacent(s11, grade1);
                i20 += Avx512BW.MultiplyAddAdjacent(s20, grade0); i21 += Avx512BW.MultiplyAddAdjacent(s21, grade1);
                i30 += Avx512BW.MultiplyAddAdjacent(s30, grade0); i31 += Avx512BW.MultiplyAddAdjacent(s31, grade1);
                s00 = s01 = s10 = s11 = s20 = s21 = s30 = s31 = Vector512<short>.Zero;
            }
            w0 = Vector512.Load(factors + 384); w1 = Vector512.Load(next + 384);
            x = Vector512.Create(input0[6]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[6]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[6]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[6]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
            w0 = Vector512.Load(factors + 448); w1 = Vector512.Load(next + 448);
            x = Vector512.Create(input0[7]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[7]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[7]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[7]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
            i00 += Avx512BW.MultiplyAddAdjacent(s00, grade0); i01 += Avx512BW.MultiplyAddAdjacent(s01, grade1);
            i10 += Avx512BW.MultiplyAddAdjacent(s10, grade0); i11 += Avx512BW.MultiplyAddAdjacent(s11, grade1);
            i20 += Avx512BW.MultiplyAddAdjacent(s20, grade0); i21 += Avx512BW.MultiplyAddAdjacent(s21, grade1);
            i30 += Avx512BW.MultiplyAddAdjacent(s30, grade0); i31 += Avx512BW.MultiplyAddAdjacent(s31, grade1);
            f00 = SumWideAvx512(i00, first, input0, f00); f01 = SumWideAvx512(i01, second, input0, f01);
            f10 = SumWideAvx512(i10, first, input1, f10); f11 = SumWideAvx512(i11, second, input1, f11);
            f20 = SumWideAvx512(i20, first, input2, f20); f21 = SumWideAvx512(i21, second, input2, f21);
            f30 = SumWideAvx512(i30, first, input3, f30); f31 = SumWideAvx512(i31, second, input3, f31);
            first = second + unpackedBytes;
            input0 += InputWords; input1 += InputWords; input2 += InputWords; input3 += InputWords;
        }
        f00.Store(sum + 0); f01.Store(sum + 16);
        f10.Store(sum + 32); f11.Store(sum + 48);
        f20.Store(sum + 64); f21.Store(sum + 80);
        f30.Store(sum + 96); f31.Store(sum + 112);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<int> ZeroAvx512(byte* weights, int* input)
    {
        if (TFormat.Zero == 0)
            return Vector512<int>.Zero;
        var factors = TFormat.Grades == ScaleGrades.PerHalfBlock
            ? Vector512.Load((short*)(weights + GradesAt + 2 * Vector)) : Vector512.Create((short)-TFormat.Zero);
        return Avx512BW.MultiplyAddAdjacent(factors, Vector512.Create(input[ActivationBlocks.Sums / 4]).AsInt16());
    }
}
