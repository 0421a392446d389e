using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Brickwork.Kernels.MatMul;

namespace Brickwork.Kernels.QuantizedMatMul;

// One text for one, two and four tokens: what is for tokens that are not there falls away when the method is compiled. Written out,
// and with few calls to inline: past its budget the JIT calls even constants, which spills every register.
static unsafe partial class PanelRow<TFormat>
{
    const int PrefetchDistance = 12288;

    static void RunAvx512<TTokens>(ReadOnlySpan<byte> panel, in FourInputs inputs, int scales, Span<float> sums, int stride)
        where TTokens : struct, ITokenCount
    {
        fixed (byte* block = &MemoryMarshal.GetReference(panel))
        fixed (byte* input0 = &MemoryMarshal.GetReference(inputs.First))
        fixed (byte* input1 = &MemoryMarshal.GetReference(inputs.Second))
        fixed (byte* input2 = &MemoryMarshal.GetReference(inputs.Third))
        fixed (byte* input3 = &MemoryMarshal.GetReference(inputs.Fourth))
        fixed (float* sum = &MemoryMarshal.GetReference(sums))
            if (PanelLayout<TFormat>.FactorBits < 8)
                SmallAvx512<TTokens>(block, (int*)input0, (int*)input1, (int*)input2, (int*)input3, scales, sum, stride);
            else if (AvxVnni.IsSupported)
                BytesAvx512<TTokens>(block, (int*)input0, (int*)input1, (int*)input2, (int*)input3, scales, sum, stride);
            else
                HalvesAvx512<TTokens>(block, (int*)input0, (int*)input1, (int*)input2, (int*)input3, scales, sum, stride);
    }

    /// <summary>
    /// Products of 4-bit numbers with bytes fit 16 bits eight at a time, of 5-bit ones four, of 6-bit ones two at a time.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void SmallAvx512<TTokens>(byte* block, int* input0, int* input1, int* input2, int* input3, int scales, float* sum, int stride)
        where TTokens : struct, ITokenCount
    {
        var (two, four) = (TTokens.Count > 1, TTokens.Count > 2);
        var isGraded = TFormat.Grades == ScaleGrades.PerHalfBlock;
        var isSixBits = PanelLayout<TFormat>.FactorBits == 6;
        var isNarrow = PanelLayout<TFormat>.FactorBits == 4 && !isGraded;
        var hasZero = TFormat.Zero != 0;
        var one = Vector512.Create((short)1);
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (var index = 0; index < scales; index++)
        {
            var scales16 = PanelVectors<TFormat>.Zmm.Scales(block);
            var offsets16 = TFormat.HasOffset ? PanelVectors<TFormat>.Zmm.Scales(block + 2 * PanelLayout<TFormat>.Rows) : default;
            block += PanelLayout<TFormat>.HeaderBytes;
            for (var inner = 0; inner < TFormat.ScaleBlocks; inner++)
            {
                var quants = block + PanelLayout<TFormat>.GradeBytes;
                var grade0 = isGraded ? PanelVectors<TFormat>.Zmm.HalfGrades(block) : one;
                var grade1 = isGraded ? PanelVectors<TFormat>.Zmm.HalfGrades(block + PanelLayout<TFormat>.Rows) : one;
                Vector512<byte> low, high;
                Vector512<short> s0, s1 = default, s2 = default, s3 = default, t0, t1 = default, t2 = default, t3 = default;
                Vector512<int> i0 = default, i1 = default, i2 = default, i3 = default;
                low = PanelVectors<TFormat>.Zmm.Low(quants, 0);
                high = PanelVectors<TFormat>.Zmm.High(quants, 0);
                s0 = Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input0[0]).AsSByte());
                t0 = Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input0[4]).AsSByte());
                if (two)
                {
                    s1 = Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input1[0]).AsSByte());
                    t1 = Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input1[4]).AsSByte());
                }
                if (four)
                {
                    s2 = Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input2[0]).AsSByte());
                    t2 = Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input2[4]).AsSByte());
                    s3 = Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input3[0]).AsSByte());
                    t3 = Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input3[4]).AsSByte());
                }
                low = PanelVectors<TFormat>.Zmm.Low(quants, 1);
                high = PanelVectors<TFormat>.Zmm.High(quants, 1);
                s0 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input0[1]).AsSByte());
                t0 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input0[5]).AsSByte());
                if (two)
                {
                    s1 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input1[1]).AsSByte());
                    t1 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input1[5]).AsSByte());
                }
                if (four)
                {
                    s2 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input2[1]).AsSByte());
                    t2 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input2[5]).AsSByte());
                    s3 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input3[1]).AsSByte());
                    t3 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input3[5]).AsSByte());
                }
                if (isSixBits)
                {
                    i0 = Avx512BW.MultiplyAddAdjacent(s0, grade0) + Avx512BW.MultiplyAddAdjacent(t0, grade1);
                    i1 = Avx512BW.MultiplyAddAdjacent(s1, grade0) + Avx512BW.MultiplyAddAdjacent(t1, grade1);
                    i2 = Avx512BW.MultiplyAddAdjacent(s2, grade0) + Avx512BW.MultiplyAddAdjacent(t2, grade1);
                    i3 = Avx512BW.MultiplyAddAdjacent(s3, grade0) + Avx512BW.MultiplyAddAdjacent(t3, grade1);
                    s0 = s1 = s2 = s3 = t0 = t1 = t2 = t3 = Vector512<short>.Zero;
                }
                low = PanelVectors<TFormat>.Zmm.Low(quants, 2);
                high = PanelVectors<TFormat>.Zmm.High(quants, 2);
                s0 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input0[2]).AsSByte());
                t0 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input0[6]).AsSByte());
                if (two)
                {
                    s1 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input1[2]).AsSByte());
                    t1 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input1[6]).AsSByte());
                }
                if (four)
                {
                    s2 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input2[2]).AsSByte());
                    t2 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input2[6]).AsSByte());
                    s3 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input3[2]).AsSByte());
                    t3 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input3[6]).AsSByte());
                }
                low = PanelVectors<TFormat>.Zmm.Low(quants, 3);
                high = PanelVectors<TFormat>.Zmm.High(quants, 3);
                s0 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input0[3]).AsSByte());
                t0 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input0[7]).AsSByte());
                if (two)
                {
                    s1 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input1[3]).AsSByte());
                    t1 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input1[7]).AsSByte());
                }
                if (four)
                {
                    s2 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input2[3]).AsSByte());
                    t2 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input2[7]).AsSByte());
                    s3 += Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(input3[3]).AsSByte());
                    t3 += Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(input3[7]).AsSByte());
                }
                if (isNarrow)
                {
                    i0 = Avx512BW.MultiplyAddAdjacent(s0 + t0, one);
                    i1 = Avx512BW.MultiplyAddAdjacent(s1 + t1, one);
                    i2 = Avx512BW.MultiplyAddAdjacent(s2 + t2, one);
                    i3 = Avx512BW.MultiplyAddAdjacent(s3 + t3, one);
                }
                else
                {
                    i0 += Avx512BW.MultiplyAddAdjacent(s0, grade0) + Avx512BW.MultiplyAddAdjacent(t0, grade1);
                    i1 += Avx512BW.MultiplyAddAdjacent(s1, grade0) + Avx512BW.MultiplyAddAdjacent(t1, grade1);
                    i2 += Avx512BW.MultiplyAddAdjacent(s2, grade0) + Avx512BW.MultiplyAddAdjacent(t2, grade1);
                    i3 += Avx512BW.MultiplyAddAdjacent(s3, grade0) + Avx512BW.MultiplyAddAdjacent(t3, grade1);
                }
                var zero = hasZero ? PanelVectors<TFormat>.Zmm.ZeroFactors(block) : default;
                var scale = PanelVectors<TFormat>.Zmm.BlockScales(scales16, block);
                var offset = TFormat.HasOffset ? PanelVectors<TFormat>.Zmm.BlockOffsets(offsets16, block) : default;
                f0 = PanelVectors<TFormat>.Zmm.Add(i0, zero, scale, offset, input0, f0);
                if (two)
                    f1 = PanelVectors<TFormat>.Zmm.Add(i1, zero, scale, offset, input1, f1);
                if (four)
                {
                    f2 = PanelVectors<TFormat>.Zmm.Add(i2, zero, scale, offset, input2, f2);
                    f3 = PanelVectors<TFormat>.Zmm.Add(i3, zero, scale, offset, input3, f3);
                }
                Prefetch(block + PrefetchDistance);
                block += PanelLayout<TFormat>.BlockBytes;
                input0 += InputWords; input1 += InputWords; input2 += InputWords; input3 += InputWords;
            }
        }
        Store<TTokens>(sum, stride, f0, f1, f2, f3);
    }

    const int InputWords = ActivationBlocks.BlockBytes / sizeof(int);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TTokens>(float* sum, int stride, Vector512<float> f0, Vector512<float> f1, Vector512<float> f2, Vector512<float> f3)
        where TTokens : struct, ITokenCount
    {
        f0.Store(sum);
        if (TTokens.Count > 1)
            f1.Store(sum + stride);
        if (TTokens.Count <= 2)
            return;
        f2.Store(sum + 2 * stride);
        f3.Store(sum + 3 * stride);
    }

    /// <summary>Fetches weights ahead: the processor's own look-ahead ends at every page of 4 KiB.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(byte* block)
    {
        Sse.Prefetch0(block);
        Sse.Prefetch0(block + 64);
        Sse.Prefetch0(block + 128);
        Sse.Prefetch0(block + 192);
        if (PanelLayout<TFormat>.BlockBytes > 256)
            Sse.Prefetch0(block + 256);
        if (PanelLayout<TFormat>.BlockBytes > 320)
            Sse.Prefetch0(block + 320);
        if (PanelLayout<TFormat>.BlockBytes <= 384)
            return;
        Sse.Prefetch0(block + 384);
        Sse.Prefetch0(block + 448);
    }
}
