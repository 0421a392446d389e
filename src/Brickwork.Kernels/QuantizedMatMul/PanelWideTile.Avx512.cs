using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

static unsafe partial class PanelTile<TFormat>
{
    /// <summary>Factors of 5 or 6 bits, or grades per half block: four, or two, products fit 16 bits before they must be widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WideTileAvx512(byte* weights, int blocks, byte* input0, byte* input1, byte* input2, byte* input3, float* sum)
    {
        var f00 = Vector512.Load(sum + 0); var f01 = Vector512.Load(sum + 16);
        var f10 = Vector512.Load(sum + 32); var f11 = Vector512.Load(sum + 48);
        var f20 = Vector512.Load(sum + 64); var f21 = Vector512.Load(sum + 80);
        var f30 = Vector512.Load(sum + 96); var f31 = Vector512.Load(sum + 112);
        for (var block = 0; block < blocks; block++)
        {
            var factors = weights + FactorsAt;
            var next = factors + UnpackedBytes;
            Vector512<byte> w0, w1;
            Vector512<sbyte> x;
            Vector512<short> s00, s01, s10, s11, s20, s21, s30, s31;
            var i00 = ZeroAvx512(weights, input0); var i01 = ZeroAvx512(weights + UnpackedBytes, input0);
            var i10 = ZeroAvx512(weights, input1); var i11 = ZeroAvx512(weights + UnpackedBytes, input1);
            var i20 = ZeroAvx512(weights, input2); var i21 = ZeroAvx512(weights + UnpackedBytes, input2);
            var i30 = ZeroAvx512(weights, input3); var i31 = ZeroAvx512(weights + UnpackedBytes, input3);
            Vector512<short> grade0, grade1;
            w0 = Vector512.Load(factors + 0); w1 = Vector512.Load(next + 0);
            x = FourAvx512(input0, 0); s00 = ProductsAvx512(w0, x); s01 = ProductsAvx512(w1, x);
            x = FourAvx512(input1, 0); s10 = ProductsAvx512(w0, x); s11 = ProductsAvx512(w1, x);
            x = FourAvx512(input2, 0); s20 = ProductsAvx512(w0, x); s21 = ProductsAvx512(w1, x);
            x = FourAvx512(input3, 0); s30 = ProductsAvx512(w0, x); s31 = ProductsAvx512(w1, x);
            w0 = Vector512.Load(factors + 64); w1 = Vector512.Load(next + 64);
            x = FourAvx512(input0, 1); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 1); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 1); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 1); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            if (PanelLayout<TFormat>.FactorBits == 6)
            {
                grade0 = GradesAvx512(weights, 0); grade1 = GradesAvx512(weights + UnpackedBytes, 0);
                i00 += Avx512BW.MultiplyAddAdjacent(s00, grade0); i01 += Avx512BW.MultiplyAddAdjacent(s01, grade1);
                i10 += Avx512BW.MultiplyAddAdjacent(s10, grade0); i11 += Avx512BW.MultiplyAddAdjacent(s11, grade1);
                i20 += Avx512BW.MultiplyAddAdjacent(s20, grade0); i21 += Avx512BW.MultiplyAddAdjacent(s21, grade1);
                i30 += Avx512BW.MultiplyAddAdjacent(s30, grade0); i31 += Avx512BW.MultiplyAddAdjacent(s31, grade1);
                w0 = Vector512.Load(factors + 128); w1 = Vector512.Load(next + 128);
                x = FourAvx512(input0, 2); s00 = ProductsAvx512(w0, x); s01 = ProductsAvx512(w1, x);
                x = FourAvx512(input1, 2); s10 = ProductsAvx512(w0, x); s11 = ProductsAvx512(w1, x);
                x = FourAvx512(input2, 2); s20 = ProductsAvx512(w0, x); s21 = ProductsAvx512(w1, x);
                x = FourAvx512(input3, 2); s30 = ProductsAvx512(w0, x); s31 = ProductsAvx512(w1, x);
            }
            else
            {
                w0 = Vector512.Load(factors + 128); w1 = Vector512.Load(next + 128);
                x = FourAvx512(input0, 2); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
                x = FourAvx512(input1, 2); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
                x = FourAvx512(input2, 2); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
                x = FourAvx512(input3, 2); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            }
            w0 = Vector512.Load(factors + 192); w1 = Vector512.Load(next + 192);
            x = FourAvx512(input0, 3); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 3); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 3); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 3); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            grade0 = GradesAvx512(weights, 0); grade1 = GradesAvx512(weights + UnpackedBytes, 0);
            i00 += Avx512BW.MultiplyAddAdjacent(s00, grade0); i01 += Avx512BW.MultiplyAddAdjacent(s01, grade1);
            i10 += Avx512BW.MultiplyAddAdjacent(s10, grade0); i11 += Avx512BW.MultiplyAddAdjacent(s11, grade1);
            i20 += Avx512BW.MultiplyAddAdjacent(s20, grade0); i21 += Avx512BW.MultiplyAddAdjacent(s21, grade1);
            i30 += Avx512BW.MultiplyAddAdjacent(s30, grade0); i31 += Avx512BW.MultiplyAddAdjacent(s31, grade1);
            w0 = Vector512.Load(factors + 256); w1 = Vector512.Load(next + 256);
            x = FourAvx512(input0, 4); s00 = ProductsAvx512(w0, x); s01 = ProductsAvx512(w1, x);
            x = FourAvx512(input1, 4); s10 = ProductsAvx512(w0, x); s11 = ProductsAvx512(w1, x);
            x = FourAvx512(input2, 4); s20 = ProductsAvx512(w0, x); s21 = ProductsAvx512(w1, x);
            x = FourAvx512(input3, 4); s30 = ProductsAvx512(w0, x); s31 = ProductsAvx512(w1, x);
            w0 = Vector512.Load(factors + 320); w1 = Vector512.Load(next + 320);
            x = FourAvx512(input0, 5); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 5); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 5); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 5); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            if (PanelLayout<TFormat>.FactorBits == 6)
            {
                grade0 = GradesAvx512(weights, 1); grade1 = GradesAvx512(weights + UnpackedBytes, 1);
                i00 += Avx512BW.MultiplyAddAdjacent(s00, grade0); i01 += Avx512BW.MultiplyAddAdjacent(s01, grade1);
                i10 += Avx512BW.MultiplyAddAdjacent(s10, grade0); i11 += Avx512BW.MultiplyAddAdjacent(s11, grade1);
                i20 += Avx512BW.MultiplyAddAdjacent(s20, grade0); i21 += Avx512BW.MultiplyAddAdjacent(s21, grade1);
                i30 += Avx512BW.MultiplyAddAdjacent(s30, grade0); i31 += Avx512BW.MultiplyAddAdjacent(s31, grade1);
                w0 = Vector512.Load(factors + 384); w1 = Vector512.Load(next + 384);
                x = FourAvx512(input0, 6); s00 = ProductsAvx512(w0, x); s01 = ProductsAvx512(w1, x);
                x = FourAvx512(input1, 6); s10 = ProductsAvx512(w0, x); s11 = ProductsAvx512(w1, x);
                x = FourAvx512(input2, 6); s20 = ProductsAvx512(w0, x); s21 = ProductsAvx512(w1, x);
                x = FourAvx512(input3, 6); s30 = ProductsAvx512(w0, x); s31 = ProductsAvx512(w1, x);
            }
            else
            {
                w0 = Vector512.Load(factors + 384); w1 = Vector512.Load(next + 384);
                x = FourAvx512(input0, 6); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
                x = FourAvx512(input1, 6); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
                x = FourAvx512(input2, 6); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
                x = FourAvx512(input3, 6); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            }
            w0 = Vector512.Load(factors + 448); w1 = Vector512.Load(next + 448);
            x = FourAvx512(input0, 7); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 7); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 7); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 7); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            grade0 = GradesAvx512(weights, 1); grade1 = GradesAvx512(weights + UnpackedBytes, 1);
            i00 += Avx512BW.MultiplyAddAdjacent(s00, grade0); i01 += Avx512BW.MultiplyAddAdjacent(s01, grade1);
            i10 += Avx512BW.MultiplyAddAdjacent(s10, grade0); i11 += Avx512BW.MultiplyAddAdjacent(s11, grade1);
            i20 += Avx512BW.MultiplyAddAdjacent(s20, grade0); i21 += Avx512BW.MultiplyAddAdjacent(s21, grade1);
            i30 += Avx512BW.MultiplyAddAdjacent(s30, grade0); i31 += Avx512BW.MultiplyAddAdjacent(s31, grade1);
            AddGradedBlockAvx512(weights, input0, i00, i01, ref f00, ref f01);
            AddGradedBlockAvx512(weights, input1, i10, i11, ref f10, ref f11);
            AddGradedBlockAvx512(weights, input2, i20, i21, ref f20, ref f21);
            AddGradedBlockAvx512(weights, input3, i30, i31, ref f30, ref f31);
            weights += 2 * UnpackedBytes;
            input0 += ActivationBlocks.BlockBytes; input1 += ActivationBlocks.BlockBytes;
            input2 += ActivationBlocks.BlockBytes; input3 += ActivationBlocks.BlockBytes;
        }
        f00.Store(sum + 0); f01.Store(sum + 16);
        f10.Store(sum + 32); f11.Store(sum + 48);
        f20.Store(sum + 64); f21.Store(sum + 80);
        f30.Store(sum + 96); f31.Store(sum + 112);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<int> ZeroAvx512(byte* weights, byte* input)
    {
        if (TFormat.Zero == 0)
            return Vector512<int>.Zero;
        var factors = TFormat.Grades == ScaleGrades.PerHalfBlock
            ? Vector512.Load((short*)(weights + GradesAt + 2 * Vector)) : Vector512.Create((short)-TFormat.Zero);
        return Avx512BW.MultiplyAddAdjacent(factors, PanelVectorsAvx512<TFormat>.InputSums(input));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<short> GradesAvx512(byte* weights, int half) => TFormat.Grades == ScaleGrades.PerHalfBlock
        ? Vector512.Load((short*)(weights + GradesAt + half * Vector)) : Vector512.Create((short)1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddGradedBlockAvx512(
        byte* weights, byte* input, Vector512<int> dot0, Vector512<int> dot1, ref Vector512<float> sum0, ref Vector512<float> sum1)
    {
        sum0 = PanelVectorsAvx512<TFormat>.Add(dot0, Vector512.Load((float*)weights), OffsetsAvx512(weights), input, sum0);
        weights += UnpackedBytes;
        sum1 = PanelVectorsAvx512<TFormat>.Add(dot1, Vector512.Load((float*)weights), OffsetsAvx512(weights), input, sum1);
    }
}
