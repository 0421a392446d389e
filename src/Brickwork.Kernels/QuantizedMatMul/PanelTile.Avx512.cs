using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

// Written out, and with few calls to inline: past its budget the JIT calls even constants, which spills every register.
static unsafe partial class PanelTile<TFormat>
{
    const int InputWords = ActivationBlocks.BlockBytes / sizeof(int);

    static void AccumulateAvx512(ReadOnlySpan<byte> unpacked, int blocks, in FourInputs inputs, Span<float> sums)
    {
        fixed (byte* weights = &MemoryMarshal.GetReference(unpacked))
        fixed (byte* input0 = &MemoryMarshal.GetReference(inputs.First))
        fixed (byte* input1 = &MemoryMarshal.GetReference(inputs.Second))
        fixed (byte* input2 = &MemoryMarshal.GetReference(inputs.Third))
        fixed (byte* input3 = &MemoryMarshal.GetReference(inputs.Fourth))
        fixed (float* sum = &MemoryMarshal.GetReference(sums))
            if (Vnni512.IsSupported && TFormat.Grades != ScaleGrades.PerHalfBlock)
                VnniTileAvx512(weights, blocks, (int*)input0, (int*)input1, (int*)input2, (int*)input3, sum);
            else if (PanelLayout<TFormat>.FactorBits is 5 or 6 || TFormat.Grades == ScaleGrades.PerHalfBlock)
                WideTileAvx512(weights, blocks, (int*)input0, (int*)input1, (int*)input2, (int*)input3, sum);
            else if (PanelLayout<TFormat>.FactorBits == 8 && AvxVnni.IsSupported)
            {
                BytesTileAvx512(weights, blocks, (int*)input0, (int*)input1, (int*)input2, (int*)input3, sum);
                BytesTileAvx512(weights + UnpackedBytes, blocks, (int*)input0, (int*)input1, (int*)input2, (int*)input3, sum + PanelRows);
            }
            else
                NarrowTileAvx512(weights, blocks, (int*)input0, (int*)input1, (int*)input2, (int*)input3, sum);
    }

    /// <summary>Factors of 4 bits: the products of a block fit 16 bits. Factors of 8 bits are two such rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void NarrowTileAvx512(byte* weights, int blocks, int* input0, int* input1, int* input2, int* input3, float* sum)
    {
        var one = Vector512.Create((short)1);
        var splitsBytes = SplitsBytes;
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
            w0 = Vector512.Load(factors + 256); w1 = Vector512.Load(next + 256);
            x = Vector512.Create(input0[4]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[4]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[4]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[4]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
            w0 = Vector512.Load(factors + 320); w1 = Vector512.Load(next + 320);
            x = Vector512.Create(input0[5]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input1[5]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input2[5]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
            x = Vector512.Create(input3[5]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
            s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
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
            var i00 = Avx512BW.MultiplyAddAdjacent(s00, one); var i01 = Avx512BW.MultiplyAddAdjacent(s01, one);
            var i10 = Avx512BW.MultiplyAddAdjacent(s10, one); var i11 = Avx512BW.MultiplyAddAdjacent(s11, one);
            var i20 = Avx512BW.MultiplyAddAdjacent(s20, one); var i21 = Avx512BW.MultiplyAddAdjacent(s21, one);
            var i30 = Avx512BW.MultiplyAddAdjacent(s30, one); var i31 = Avx512BW.MultiplyAddAdjacent(s31, one);
            if (splitsBytes)
            {
                factors += 8 * Vector;
                next += 8 * Vector;
                w0 = Vector512.Load(factors + 0); w1 = Vector512.Load(next + 0);
                x = Vector512.Create(input0[0]).AsSByte(); s00 = Avx512BW.MultiplyAddAdjacent(w0, x);
                s01 = Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input1[0]).AsSByte(); s10 = Avx512BW.MultiplyAddAdjacent(w0, x);
                s11 = Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input2[0]).AsSByte(); s20 = Avx512BW.MultiplyAddAdjacent(w0, x);
                s21 = Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input3[0]).AsSByte(); s30 = Avx512BW.MultiplyAddAdjacent(w0, x);
                s31 = Avx512BW.MultiplyAddAdjacent(w1, x);
                w0 = Vector512.Load(factors + 64); w1 = Vector512.Load(next + 64);
                x = Vector512.Create(input0[1]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input1[1]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input2[1]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input3[1]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
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
                w0 = Vector512.Load(factors + 256); w1 = Vector512.Load(next + 256);
                x = Vector512.Create(input0[4]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input1[4]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input2[4]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input3[4]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
                w0 = Vector512.Load(factors + 320); w1 = Vector512.Load(next + 320);
                x = Vector512.Create(input0[5]).AsSByte(); s00 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s01 += Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input1[5]).AsSByte(); s10 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s11 += Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input2[5]).AsSByte(); s20 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s21 += Avx512BW.MultiplyAddAdjacent(w1, x);
                x = Vector512.Create(input3[5]).AsSByte(); s30 += Avx512BW.MultiplyAddAdjacent(w0, x);
                s31 += Avx512BW.MultiplyAddAdjacent(w1, x);
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
                i00 += Avx512BW.MultiplyAddAdjacent(s00, one) << 4; i01 += Avx512BW.MultiplyAddAdjacent(s01, one) << 4;
                i10 += Avx512BW.MultiplyAddAdjacent(s10, one) << 4; i11 += Avx512BW.MultiplyAddAdjacent(s11, one) << 4;
                i20 += Avx512BW.MultiplyAddAdjacent(s20, one) << 4; i21 += Avx512BW.MultiplyAddAdjacent(s21, one) << 4;
                i30 += Avx512BW.MultiplyAddAdjacent(s30, one) << 4; i31 += Avx512BW.MultiplyAddAdjacent(s31, one) << 4;
            }
            f00 = SumAvx512(i00, first, input0, f00); f01 = SumAvx512(i01, second, input0, f01);
            f10 = SumAvx512(i10, first, input1, f10); f11 = SumAvx512(i11, second, input1, f11);
            f20 = SumAvx512(i20, first, input2, f20); f21 = SumAvx512(i21, second, input2, f21);
            f30 = SumAvx512(i30, first, input3, f30); f31 = SumAvx512(i31, second, input3, f31);
            first = second + unpackedBytes;
            input0 += InputWords; input1 += InputWords; input2 += InputWords; input3 += InputWords;
        }
        f00.Store(sum + 0); f01.Store(sum + 16);
        f10.Store(sum + 32); f11.Store(sum + 48);
        f20.Store(sum + 64); f21.Store(sum + 80);
        f30.Store(sum + 96); f31.Store(sum + 112);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> SumAvx512(Vector512<int> dot, byte* weights, int* input, Vector512<float> sum)
    {
        if (TFormat.Zero != 0)
            dot += Avx512BW.MultiplyAddAdjacent(Vector512.Create((short)-TFormat.Zero),
                Vector512.Create(input[ActivationBlocks.Sums / 4]).AsInt16());
        return SumWideAvx512(dot, weights, input, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> SumWideAvx512(Vector512<int> dot, byte* weights, int* input, Vector512<float> sum)
    {
        var inputScale = Vector512.Create(((float*)input)[ActivationBlocks.Scale / 4]);
        sum = Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(dot), Vector512.Load((float*)weights) * inputScale, sum);
        if (!TFormat.HasOffset)
            return sum;
        var inputSum = Avx512BW.MultiplyAddAdjacent(Vector512.Create(input[ActivationBlocks.Sums / 4]).AsInt16(),
            Vector512.Create((short)1));
        return Avx512F.FusedMultiplyAdd(
            Vector512.Load((float*)(weights + OffsetsAt)), inputScale * Avx512F.ConvertToVector512Single(inputSum), sum);
    }
}
