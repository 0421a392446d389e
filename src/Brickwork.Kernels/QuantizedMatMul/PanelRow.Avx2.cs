using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

// The rows of a panel are two vectors here: rows 0 … 7 and rows 8 … 15.
static unsafe partial class PanelRow<TFormat>
{
    const int HalfRows = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RunAvx2(ReadOnlySpan<byte> panel, ReadOnlySpan<byte> inputs, int scales, Span<float> sums)
    {
        fixed (byte* panelStart = &MemoryMarshal.GetReference(panel))
        fixed (byte* inputStart = &MemoryMarshal.GetReference(inputs))
        {
            var block = panelStart;
            var input = inputStart;
            var sum0 = Vector256<float>.Zero;
            var sum1 = Vector256<float>.Zero;
            for (var index = 0; index < scales; index++)
            {
                var header = block;
                block += PanelLayout<TFormat>.HeaderBytes;
                for (var inner = 0; inner < TFormat.ScaleBlocks; inner++)
                {
                    sum0 = AddBlockAvx2(header, block, 0, input, sum0);
                    sum1 = AddBlockAvx2(header, block, HalfRows, input, sum1);
                    Prefetch(block + PrefetchDistance);
                    block += PanelLayout<TFormat>.BlockBytes;
                    input += ActivationBlocks.BlockBytes;
                }
            }
            Vector256.StoreUnsafe(sum0, ref MemoryMarshal.GetReference(sums));
            Vector256.StoreUnsafe(sum1, ref MemoryMarshal.GetReference(sums), HalfRows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> AddBlockAvx2(byte* header, byte* block, int firstRow, byte* input, Vector256<float> sum)
    {
        var grades = block + firstRow;
        var scale = PanelVectors<TFormat>.Ymm.BlockScales(PanelVectors<TFormat>.Ymm.Scales(header + 2 * firstRow), grades);
        var offset = TFormat.HasOffset
            ? PanelVectors<TFormat>.Ymm.BlockOffsets(PanelVectors<TFormat>.Ymm.Scales(header + 2 * (PanelLayout<TFormat>.Rows + firstRow)),
                grades)
            : default;
        var dot = DotAvx2(grades, block + PanelLayout<TFormat>.GradeBytes + 4 * firstRow, input);
        return PanelVectors<TFormat>.Ymm.Add(dot, scale, offset, input, sum);
    }

    /// <summary>The dot products of a block, less the zero of the quants, with grades per half block multiplied in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> DotAvx2(byte* grades, byte* quants, byte* input)
    {
        var zero = TFormat.Zero == 0 ? Vector256<int>.Zero
            : Avx2.MultiplyAddAdjacent(PanelVectors<TFormat>.Ymm.ZeroFactors(grades), PanelVectors<TFormat>.Ymm.InputSums(input));
        if (PanelLayout<TFormat>.FactorBits == 8)
            return (AvxVnni.IsSupported ? DotBytesAvxVnni256(quants, input) : DotHalvesAvx2(quants, input)) + zero;

        var low01 = LowAvx2(quants, input, 0) + LowAvx2(quants, input, 1);
        var low23 = LowAvx2(quants, input, 2) + LowAvx2(quants, input, 3);
        var high01 = HighAvx2(quants, input, 0) + HighAvx2(quants, input, 1);
        var high23 = HighAvx2(quants, input, 2) + HighAvx2(quants, input, 3);
        var one = Vector256.Create((short)1);
        var grade0 = TFormat.Grades == ScaleGrades.PerHalfBlock ? PanelVectors<TFormat>.Ymm.HalfGrades(grades) : one;
        var grade1 = TFormat.Grades == ScaleGrades.PerHalfBlock
            ? PanelVectors<TFormat>.Ymm.HalfGrades(grades + PanelLayout<TFormat>.Rows)
            : one;
        if (PanelLayout<TFormat>.FactorBits == 4 && TFormat.Grades != ScaleGrades.PerHalfBlock)
            return Avx2.MultiplyAddAdjacent((low01 + low23) + (high01 + high23), one) + zero;
        if (PanelLayout<TFormat>.FactorBits <= 5)
            return Avx2.MultiplyAddAdjacent(low01 + low23, grade0) + Avx2.MultiplyAddAdjacent(high01 + high23, grade1) + zero;
        return (Avx2.MultiplyAddAdjacent(low01, grade0) + Avx2.MultiplyAddAdjacent(low23, grade0))
            + (Avx2.MultiplyAddAdjacent(high01, grade1) + Avx2.MultiplyAddAdjacent(high23, grade1)) + zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<short> LowAvx2(byte* quants, byte* input, int j) =>
        Avx2.MultiplyAddAdjacent(PanelVectors<TFormat>.Ymm.Low(quants, j), PanelVectors<TFormat>.Ymm.Inputs(input, j));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<short> HighAvx2(byte* quants, byte* input, int j) =>
        Avx2.MultiplyAddAdjacent(PanelVectors<TFormat>.Ymm.High(quants, j), PanelVectors<TFormat>.Ymm.Inputs(input, 4 + j));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> DotBytesAvxVnni256(byte* quants, byte* input)
    {
        var even = Vector256<int>.Zero;
        var odd = Vector256<int>.Zero;
        even = AvxVnni.MultiplyWideningAndAdd(even, PanelVectors<TFormat>.Ymm.Low(quants, 0), PanelVectors<TFormat>.Ymm.Inputs(input, 0));
        odd = AvxVnni.MultiplyWideningAndAdd(odd, PanelVectors<TFormat>.Ymm.Low(quants, 1), PanelVectors<TFormat>.Ymm.Inputs(input, 1));
        even = AvxVnni.MultiplyWideningAndAdd(even, PanelVectors<TFormat>.Ymm.Low(quants, 2), PanelVectors<TFormat>.Ymm.Inputs(input, 2));
        odd = AvxVnni.MultiplyWideningAndAdd(odd, PanelVectors<TFormat>.Ymm.Low(quants, 3), PanelVectors<TFormat>.Ymm.Inputs(input, 3));
        even = AvxVnni.MultiplyWideningAndAdd(even, PanelVectors<TFormat>.Ymm.High(quants, 0), PanelVectors<TFormat>.Ymm.Inputs(input, 4));
        odd = AvxVnni.MultiplyWideningAndAdd(odd, PanelVectors<TFormat>.Ymm.High(quants, 1), PanelVectors<TFormat>.Ymm.Inputs(input, 5));
        even = AvxVnni.MultiplyWideningAndAdd(even, PanelVectors<TFormat>.Ymm.High(quants, 2), PanelVectors<TFormat>.Ymm.Inputs(input, 6));
        odd = AvxVnni.MultiplyWideningAndAdd(odd, PanelVectors<TFormat>.Ymm.High(quants, 3), PanelVectors<TFormat>.Ymm.Inputs(input, 7));
        return even + odd;
    }

    /// <summary>Bytes with bytes as two products of half bytes, whose pairs fit 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> DotHalvesAvx2(byte* quants, byte* input)
    {
        var low = Vector256<short>.Zero;
        var high = Vector256<short>.Zero;
        var mask = Vector256.Create((byte)15);
        for (var group = 0; group < 8; group++)
        {
            var quant = group < 4 ? PanelVectors<TFormat>.Ymm.Low(quants, group) : PanelVectors<TFormat>.Ymm.High(quants, group - 4);
            var inputs = PanelVectors<TFormat>.Ymm.Inputs(input, group);
            low += Avx2.MultiplyAddAdjacent(quant & mask, inputs);
            high += Avx2.MultiplyAddAdjacent((quant.AsUInt16() >>> 4).AsByte() & mask, inputs);
        }
        var one = Vector256.Create((short)1);
        return Avx2.MultiplyAddAdjacent(low, one) + (Avx2.MultiplyAddAdjacent(high, one) << 4);
    }
}
