using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Brickwork.Kernels.MatMul;

namespace Brickwork.Kernels.QuantizedMatMul;

static unsafe partial class PanelRow<TFormat>
{
    /// <summary>
    /// Bytes with bytes, where the processor adds four products at a time; .NET 10 has that for 256 bits: the upper and the lower rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void BytesAvx512<TTokens>(byte* block, int* input0, int* input1, int* input2, int* input3, int scales, float* sum, int stride)
        where TTokens : struct, ITokenCount
    {
        var (two, four) = (TTokens.Count > 1, TTokens.Count > 2);
        var hasZero = TFormat.Zero != 0;
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (var index = 0; index < scales; index++)
        {
            var scales16 = PanelVectors<TFormat>.Zmm.Scales(block);
            var offsets16 = TFormat.HasOffset ? PanelVectors<TFormat>.Zmm.Scales(block + 2 * PanelLayout<TFormat>.Rows) : default;
            block += PanelLayout<TFormat>.HeaderBytes;
            for (var inner = 0; inner < TFormat.ScaleBlocks; inner++)
            {
                var quants = block + PanelLayout<TFormat>.GradeBytes;
                Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
                Vector256<int> b0 = default, b1 = default, b2 = default, b3 = default;
                for (var group = 0; group < 4; group++)
                {
                    var low = PanelVectors<TFormat>.Zmm.Low(quants, group);
                    var high = PanelVectors<TFormat>.Zmm.High(quants, group);
                    var (low0, low1, high0, high1) = (low.GetLower(), low.GetUpper(), high.GetLower(), high.GetUpper());
                    var x = Vector256.Create(input0[group]).AsSByte();
                    a0 = AvxVnni.MultiplyWideningAndAdd(a0, low0, x);
                    b0 = AvxVnni.MultiplyWideningAndAdd(b0, low1, x);
                    x = Vector256.Create(input0[4 + group]).AsSByte();
                    a0 = AvxVnni.MultiplyWideningAndAdd(a0, high0, x);
                    b0 = AvxVnni.MultiplyWideningAndAdd(b0, high1, x);
                    if (two)
                    {
                        x = Vector256.Create(input1[group]).AsSByte();
                        a1 = AvxVnni.MultiplyWideningAndAdd(a1, low0, x);
                        b1 = AvxVnni.MultiplyWideningAndAdd(b1, low1, x);
                        x = Vector256.Create(input1[4 + group]).AsSByte();
                        a1 = AvxVnni.MultiplyWideningAndAdd(a1, high0, x);
                        b1 = AvxVnni.MultiplyWideningAndAdd(b1, high1, x);
                    }
                    if (!four)
                        continue;
                    x = Vector256.Create(input2[group]).AsSByte();
                    a2 = AvxVnni.MultiplyWideningAndAdd(a2, low0, x);
                    b2 = AvxVnni.MultiplyWideningAndAdd(b2, low1, x);
                    x = Vector256.Create(input2[4 + group]).AsSByte();
                    a2 = AvxVnni.MultiplyWideningAndAdd(a2, high0, x);
                    b2 = AvxVnni.MultiplyWideningAndAdd(b2, high1, x);
                    x = Vector256.Create(input3[group]).AsSByte();
                    a3 = AvxVnni.MultiplyWideningAndAdd(a3, low0, x);
                    b3 = AvxVnni.MultiplyWideningAndAdd(b3, low1, x);
                    x = Vector256.Create(input3[4 + group]).AsSByte();
                    a3 = AvxVnni.MultiplyWideningAndAdd(a3, high0, x);
                    b3 = AvxVnni.MultiplyWideningAndAdd(b3, high1, x);
                }
                var zero = hasZero ? PanelVectors<TFormat>.Zmm.ZeroFactors(block) : default;
                var scale = PanelVectors<TFormat>.Zmm.BlockScales(scales16, block);
                var offset = TFormat.HasOffset ? PanelVectors<TFormat>.Zmm.BlockOffsets(offsets16, block) : default;
                f0 = PanelVectors<TFormat>.Zmm.Add(Vector512.Create(a0, b0), zero, scale, offset, input0, f0);
                if (two)
                    f1 = PanelVectors<TFormat>.Zmm.Add(Vector512.Create(a1, b1), zero, scale, offset, input1, f1);
                if (four)
                {
                    f2 = PanelVectors<TFormat>.Zmm.Add(Vector512.Create(a2, b2), zero, scale, offset, input2, f2);
                    f3 = PanelVectors<TFormat>.Zmm.Add(Vector512.Create(a3, b3), zero, scale, offset, input3, f3);
                }
                Prefetch(block + PrefetchDistance);
                block += PanelLayout<TFormat>.BlockBytes;
                input0 += InputWords; input1 += InputWords; input2 += InputWords; input3 += InputWords;
            }
        }
        Store<TTokens>(sum, stride, f0, f1, f2, f3);
    }

    /// <summary>Bytes with bytes as two products of half bytes, whose pairs fit 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void HalvesAvx512<TTokens>(byte* block, int* input0, int* input1, int* input2, int* input3, int scales, float* sum, int stride)
        where TTokens : struct, ITokenCount
    {
        var (two, four) = (TTokens.Count > 1, TTokens.Count > 2);
        var hasZero = TFormat.Zero != 0;
        var one = Vector512.Create((short)1);
        var mask = Vector512.Create((byte)15);
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (var index = 0; index < scales; index++)
        {
            var scales16 = PanelVectors<TFormat>.Zmm.Scales(block);
            var offsets16 = TFormat.HasOffset ? PanelVectors<TFormat>.Zmm.Scales(block + 2 * PanelLayout<TFormat>.Rows) : default;
            block += PanelLayout<TFormat>.HeaderBytes;
            for (var inner = 0; inner < TFormat.ScaleBlocks; inner++)
            {
                var quants = block + PanelLayout<TFormat>.GradeBytes;
                Vector512<short> s0 = default, s1 = default, s2 = default, s3 = default;
                Vector512<short> t0 = default, t1 = default, t2 = default, t3 = default;
                for (var group = 0; group < 8; group++)
                {
                    var factors = group < 4 ? PanelVectors<TFormat>.Zmm.Low(quants, group) : PanelVectors<TFormat>.Zmm.High(quants, group - 4);
                    var low = factors & mask;
                    var high = (factors.AsUInt16() >>> 4).AsByte() & mask;
                    var x = Vector512.Create(input0[group]).AsSByte();
                    s0 += Avx512BW.MultiplyAddAdjacent(low, x);
                    t0 += Avx512BW.MultiplyAddAdjacent(high, x);
                    if (two)
                    {
                        x = Vector512.Create(input1[group]).AsSByte();
                        s1 += Avx512BW.MultiplyAddAdjacent(low, x);
                        t1 += Avx512BW.MultiplyAddAdjacent(high, x);
                    }
                    if (!four)
                        continue;
                    x = Vector512.Create(input2[group]).AsSByte();
                    s2 += Avx512BW.MultiplyAddAdjacent(low, x);
                    t2 += Avx512BW.MultiplyAddAdjacent(high, x);
                    x = Vector512.Create(input3[group]).AsSByte();
                    s3 += Avx512BW.MultiplyAddAdjacent(low, x);
                    t3 += Avx512BW.MultiplyAddAdjacent(high, x);
                }
                var zero = hasZero ? PanelVectors<TFormat>.Zmm.ZeroFactors(block) : default;
                var scale = PanelVectors<TFormat>.Zmm.BlockScales(scales16, block);
                var offset = TFormat.HasOffset ? PanelVectors<TFormat>.Zmm.BlockOffsets(offsets16, block) : default;
                f0 = AddHalves(s0, t0, one, zero, scale, offset, input0, f0);
                if (two)
                    f1 = AddHalves(s1, t1, one, zero, scale, offset, input1, f1);
                if (four)
                {
                    f2 = AddHalves(s2, t2, one, zero, scale, offset, input2, f2);
                    f3 = AddHalves(s3, t3, one, zero, scale, offset, input3, f3);
                }
                Prefetch(block + PrefetchDistance);
                block += PanelLayout<TFormat>.BlockBytes;
                input0 += InputWords; input1 += InputWords; input2 += InputWords; input3 += InputWords;
            }
        }
        Store<TTokens>(sum, stride, f0, f1, f2, f3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> AddHalves(
        Vector512<short> low, Vector512<short> high, Vector512<short> one, Vector512<short> zero, Vector512<float> scale,
        Vector512<float> offset, int* input, Vector512<float> sum) =>
        PanelVectors<TFormat>.Zmm.Add(
            Avx512BW.MultiplyAddAdjacent(low, one) + (Avx512BW.MultiplyAddAdjacent(high, one) << 4), zero, scale, offset, input, sum);
}
