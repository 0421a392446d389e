using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

static unsafe partial class PanelTile<TFormat>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AccumulateAvx512(ReadOnlySpan<byte> unpacked, int blocks, in FourInputs inputs, Span<float> sums)
    {
        fixed (byte* weights = &MemoryMarshal.GetReference(unpacked))
        fixed (byte* input0 = &MemoryMarshal.GetReference(inputs.First))
        fixed (byte* input1 = &MemoryMarshal.GetReference(inputs.Second))
        fixed (byte* input2 = &MemoryMarshal.GetReference(inputs.Third))
        fixed (byte* input3 = &MemoryMarshal.GetReference(inputs.Fourth))
        fixed (float* sum = &MemoryMarshal.GetReference(sums))
            if (PanelLayout<TFormat>.FactorBits is 5 or 6 || TFormat.Grades == ScaleGrades.PerHalfBlock)
                WideTileAvx512(weights, blocks, input0, input1, input2, input3, sum);
            else
                NarrowTileAvx512(weights, blocks, input0, input1, input2, input3, sum);
    }

    /// <summary>Factors of 4 bits: the products of a block fit 16 bits. Factors of 8 bits are two such rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void NarrowTileAvx512(byte* weights, int blocks, byte* input0, byte* input1, byte* input2, byte* input3, float* sum)
    {
        var one = Vector512.Create((short)1);
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
            w0 = Vector512.Load(factors + 128); w1 = Vector512.Load(next + 128);
            x = FourAvx512(input0, 2); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 2); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 2); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 2); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            w0 = Vector512.Load(factors + 192); w1 = Vector512.Load(next + 192);
            x = FourAvx512(input0, 3); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 3); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 3); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 3); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            w0 = Vector512.Load(factors + 256); w1 = Vector512.Load(next + 256);
            x = FourAvx512(input0, 4); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 4); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 4); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 4); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            w0 = Vector512.Load(factors + 320); w1 = Vector512.Load(next + 320);
            x = FourAvx512(input0, 5); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 5); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 5); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 5); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            w0 = Vector512.Load(factors + 384); w1 = Vector512.Load(next + 384);
            x = FourAvx512(input0, 6); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 6); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 6); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 6); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            w0 = Vector512.Load(factors + 448); w1 = Vector512.Load(next + 448);
            x = FourAvx512(input0, 7); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
            x = FourAvx512(input1, 7); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
            x = FourAvx512(input2, 7); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
            x = FourAvx512(input3, 7); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
            var i00 = Avx512BW.MultiplyAddAdjacent(s00, one); var i01 = Avx512BW.MultiplyAddAdjacent(s01, one);
            var i10 = Avx512BW.MultiplyAddAdjacent(s10, one); var i11 = Avx512BW.MultiplyAddAdjacent(s11, one);
            var i20 = Avx512BW.MultiplyAddAdjacent(s20, one); var i21 = Avx512BW.MultiplyAddAdjacent(s21, one);
            var i30 = Avx512BW.MultiplyAddAdjacent(s30, one); var i31 = Avx512BW.MultiplyAddAdjacent(s31, one);
            if (PanelLayout<TFormat>.FactorBits == 8)
            {
                factors += 8 * Vector;
                next += 8 * Vector;
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
                w0 = Vector512.Load(factors + 128); w1 = Vector512.Load(next + 128);
                x = FourAvx512(input0, 2); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
                x = FourAvx512(input1, 2); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
                x = FourAvx512(input2, 2); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
                x = FourAvx512(input3, 2); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
                w0 = Vector512.Load(factors + 192); w1 = Vector512.Load(next + 192);
                x = FourAvx512(input0, 3); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
                x = FourAvx512(input1, 3); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
                x = FourAvx512(input2, 3); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
                x = FourAvx512(input3, 3); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
                w0 = Vector512.Load(factors + 256); w1 = Vector512.Load(next + 256);
                x = FourAvx512(input0, 4); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
                x = FourAvx512(input1, 4); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
                x = FourAvx512(input2, 4); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
                x = FourAvx512(input3, 4); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
                w0 = Vector512.Load(factors + 320); w1 = Vector512.Load(next + 320);
                x = FourAvx512(input0, 5); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
                x = FourAvx512(input1, 5); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
                x = FourAvx512(input2, 5); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
                x = FourAvx512(input3, 5); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
                w0 = Vector512.Load(factors + 384); w1 = Vector512.Load(next + 384);
                x = FourAvx512(input0, 6); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
                x = FourAvx512(input1, 6); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
                x = FourAvx512(input2, 6); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
                x = FourAvx512(input3, 6); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
                w0 = Vector512.Load(factors + 448); w1 = Vector512.Load(next + 448);
                x = FourAvx512(input0, 7); s00 += ProductsAvx512(w0, x); s01 += ProductsAvx512(w1, x);
                x = FourAvx512(input1, 7); s10 += ProductsAvx512(w0, x); s11 += ProductsAvx512(w1, x);
                x = FourAvx512(input2, 7); s20 += ProductsAvx512(w0, x); s21 += ProductsAvx512(w1, x);
                x = FourAvx512(input3, 7); s30 += ProductsAvx512(w0, x); s31 += ProductsAvx512(w1, x);
                i00 += Avx512BW.MultiplyAddAdjacent(s00, one) << 4; i01 += Avx512BW.MultiplyAddAdjacent(s01, one) << 4;
                i10 += Avx512BW.MultiplyAddAdjacent(s10, one) << 4; i11 += Avx512BW.MultiplyAddAdjacent(s11, one) << 4;
                i20 += Avx512BW.MultiplyAddAdjacent(s20, one) << 4; i21 += Avx512BW.MultiplyAddAdjacent(s21, one) << 4;
                i30 += Avx512BW.MultiplyAddAdjacent(s30, one) << 4; i31 += Avx512BW.MultiplyAddAdjacent(s31, one) << 4;
            }
            AddBlockAvx512(weights, input0, i00, i01, ref f00, ref f01);
            AddBlockAvx512(weights, input1, i10, i11, ref f10, ref f11);
            AddBlockAvx512(weights, input2, i20, i21, ref f20, ref f21);
            AddBlockAvx512(weights, input3, i30, i31, ref f30, ref f31);
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
    static Vector512<sbyte> FourAvx512(byte* input, int group) => PanelVectorsAvx512<TFormat>.Inputs(input, group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<short> ProductsAvx512(Vector512<byte> factors, Vector512<sbyte> inputs) => Avx512BW.MultiplyAddAdjacent(factors, inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddBlockAvx512(
        byte* weights, byte* input, Vector512<int> dot0, Vector512<int> dot1, ref Vector512<float> sum0, ref Vector512<float> sum1)
    {
        if (TFormat.Zero != 0 && TFormat.Grades != ScaleGrades.PerHalfBlock)
        {
            var zero = Avx512BW.MultiplyAddAdjacent(Vector512.Create((short)-TFormat.Zero), PanelVectorsAvx512<TFormat>.InputSums(input));
            dot0 += zero;
            dot1 += zero;
        }
        sum0 = PanelVectorsAvx512<TFormat>.Add(dot0, Vector512.Load((float*)weights), OffsetsAvx512(weights), input, sum0);
        weights += UnpackedBytes;
        sum1 = PanelVectorsAvx512<TFormat>.Add(dot1, Vector512.Load((float*)weights), OffsetsAvx512(weights), input, sum1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> OffsetsAvx512(byte* weights) => TFormat.HasOffset ? Vector512.Load((float*)(weights + OffsetsAt)) : default;
}
