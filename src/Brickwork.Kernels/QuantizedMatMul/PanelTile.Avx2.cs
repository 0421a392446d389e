using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

// 16 registers hold 8 rows and 4 tokens: the 32 rows of a tile are four passes.
static unsafe partial class PanelTile<TFormat>
{
    static void AccumulateAvx2(ReadOnlySpan<byte> unpacked, int blocks, in FourInputs inputs, Span<float> sums)
    {
        fixed (byte* weights = &MemoryMarshal.GetReference(unpacked))
        fixed (byte* input0 = &MemoryMarshal.GetReference(inputs.First))
        fixed (byte* input1 = &MemoryMarshal.GetReference(inputs.Second))
        fixed (byte* input2 = &MemoryMarshal.GetReference(inputs.Third))
        fixed (byte* input3 = &MemoryMarshal.GetReference(inputs.Fourth))
        fixed (float* sum = &MemoryMarshal.GetReference(sums))
            for (var row = 0; row < Rows; row += HalfRows)
            {
                var start = weights + row / PanelRows * UnpackedBytes + 4 * (row % PanelRows);
                TileAvx2(start, blocks, input0, input1, input2, input3, sum + row);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TileAvx2(byte* weights, int blocks, byte* input0, byte* input1, byte* input2, byte* input3, float* sum)
    {
        var sum0 = Vector256.Load(sum);
        var sum1 = Vector256.Load(sum + Rows);
        var sum2 = Vector256.Load(sum + 2 * Rows);
        var sum3 = Vector256.Load(sum + 3 * Rows);
        for (var block = 0; block < blocks; block++)
        {
            Vector256<int> dot0, dot1, dot2, dot3;
            dot0 = ZeroAvx2(weights, input0);
            dot1 = ZeroAvx2(weights, input1);
            dot2 = ZeroAvx2(weights, input2);
            dot3 = ZeroAvx2(weights, input3);
            for (var half = 0; half < 2; half++)
            {
                var factors = weights + FactorsAt + 4 * half * Vector;
                var grades = GradesAvx2(weights, half);
                for (var pair = 0; pair < 2; pair++)
                {
                    // Two products of 6 bits fit 16 bits; for fewer bits this could wait longer, at the price of more registers.
                    AddPairAvx2(factors + 2 * pair * Vector, 4 * half + 2 * pair, grades, input0, ref dot0);
                    AddPairAvx2(factors + 2 * pair * Vector, 4 * half + 2 * pair, grades, input1, ref dot1);
                    AddPairAvx2(factors + 2 * pair * Vector, 4 * half + 2 * pair, grades, input2, ref dot2);
                    AddPairAvx2(factors + 2 * pair * Vector, 4 * half + 2 * pair, grades, input3, ref dot3);
                }
            }
            var scales = Vector256.Load((float*)weights);
            var offsets = TFormat.HasOffset ? Vector256.Load((float*)(weights + OffsetsAt)) : default;
            sum0 = PanelVectors<TFormat>.Ymm.Add(dot0, scales, offsets, input0, sum0);
            sum1 = PanelVectors<TFormat>.Ymm.Add(dot1, scales, offsets, input1, sum1);
            sum2 = PanelVectors<TFormat>.Ymm.Add(dot2, scales, offsets, input2, sum2);
            sum3 = PanelVectors<TFormat>.Ymm.Add(dot3, scales, offsets, input3, sum3);
            weights += 2 * UnpackedBytes;
            input0 += ActivationBlocks.BlockBytes;
            input1 += ActivationBlocks.BlockBytes;
            input2 += ActivationBlocks.BlockBytes;
            input3 += ActivationBlocks.BlockBytes;
        }
        sum0.Store(sum);
        sum1.Store(sum + Rows);
        sum2.Store(sum + 2 * Rows);
        sum3.Store(sum + 3 * Rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddPairAvx2(byte* factors, int group, Vector256<short> grades, byte* input, ref Vector256<int> dot)
    {
        var inputs0 = PanelVectors<TFormat>.Ymm.Inputs(input, group);
        var inputs1 = PanelVectors<TFormat>.Ymm.Inputs(input, group + 1);
        if (PanelLayout<TFormat>.FactorBits == 8 && AvxVnni.IsSupported)
        {
            dot = AvxVnni.MultiplyWideningAndAdd(dot, Vector256.Load(factors), inputs0);
            dot = AvxVnni.MultiplyWideningAndAdd(dot, Vector256.Load(factors + Vector), inputs1);
            return;
        }
        dot += Avx2.MultiplyAddAdjacent(ProductsAvx2(factors, inputs0, inputs1), grades);
        if (SplitsBytes)
            dot += Avx2.MultiplyAddAdjacent(ProductsAvx2(factors + 8 * Vector, inputs0, inputs1), Vector256.Create((short)16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<short> ProductsAvx2(byte* factors, Vector256<sbyte> inputs0, Vector256<sbyte> inputs1) =>
        Avx2.MultiplyAddAdjacent(Vector256.Load(factors), inputs0) + Avx2.MultiplyAddAdjacent(Vector256.Load(factors + Vector), inputs1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> ZeroAvx2(byte* weights, byte* input)
    {
        if (TFormat.Zero == 0)
            return Vector256<int>.Zero;
        var factors = TFormat.Grades == ScaleGrades.PerHalfBlock
            ? Vector256.Load((short*)(weights + GradesAt + 2 * Vector)) : Vector256.Create((short)-TFormat.Zero);
        return Avx2.MultiplyAddAdjacent(factors, PanelVectors<TFormat>.Ymm.InputSums(input));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<short> GradesAvx2(byte* weights, int half) => TFormat.Grades == ScaleGrades.PerHalfBlock
        ? Vector256.Load((short*)(weights + GradesAt + half * Vector)) : Vector256.Create((short)1);
}
