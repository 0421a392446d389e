using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

static unsafe partial class PanelRow<TFormat>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RunAvx512(ReadOnlySpan<byte> panel, ReadOnlySpan<byte> inputs, int scales, Span<float> sums)
    {
        fixed (byte* panelStart = &MemoryMarshal.GetReference(panel))
        fixed (byte* inputStart = &MemoryMarshal.GetReference(inputs))
        {
            var block = panelStart;
            var input = inputStart;
            var sum = Vector512<float>.Zero;
            for (var index = 0; index < scales; index++)
            {
                var scale = PanelVectors<TFormat>.Zmm.Scales(block);
                var offset = TFormat.HasOffset ? PanelVectors<TFormat>.Zmm.Scales(block + 2 * PanelLayout<TFormat>.Rows) : default;
                block += PanelLayout<TFormat>.HeaderBytes;
                for (var inner = 0; inner < TFormat.ScaleBlocks; inner++)
                {
                    var dot = DotAvx512(block, input);
                    sum = PanelVectors<TFormat>.Zmm.Add(dot, PanelVectors<TFormat>.Zmm.BlockScales(scale, block),
                        PanelVectors<TFormat>.Zmm.BlockOffsets(offset, block), input, sum);
                    block += PanelLayout<TFormat>.BlockBytes;
                    input += ActivationBlocks.BlockBytes;
                }
            }
            Vector512.StoreUnsafe(sum, ref MemoryMarshal.GetReference(sums));
        }
    }

    /// <summary>The dot products of a block, less the zero of the quants, with grades per half block multiplied in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<int> DotAvx512(byte* block, byte* input)
    {
        var quants = block + PanelLayout<TFormat>.GradeBytes;
        var zero = TFormat.Zero == 0 ? Vector512<int>.Zero
            : Avx512BW.MultiplyAddAdjacent(PanelVectors<TFormat>.Zmm.ZeroFactors(block), PanelVectors<TFormat>.Zmm.InputSums(input));
        if (PanelLayout<TFormat>.FactorBits == 8)
            return (AvxVnni.IsSupported ? DotBytesAvxVnni(quants, input) : DotHalvesAvx512(quants, input)) + zero;

        var low01 = LowAvx512(quants, input, 0) + LowAvx512(quants, input, 1);
        var low23 = LowAvx512(quants, input, 2) + LowAvx512(quants, input, 3);
        var high01 = HighAvx512(quants, input, 0) + HighAvx512(quants, input, 1);
        var high23 = HighAvx512(quants, input, 2) + HighAvx512(quants, input, 3);
        // Products of 4-bit numbers with bytes fit 16 bits eight at a time, of 5-bit ones four, of 6-bit ones two at a time.
        var one = Vector512.Create((short)1);
        var grade0 = TFormat.Grades == ScaleGrades.PerHalfBlock ? GradesAvx512(block) : one;
        var grade1 = TFormat.Grades == ScaleGrades.PerHalfBlock ? GradesAvx512(block + PanelLayout<TFormat>.Rows) : one;
        if (PanelLayout<TFormat>.FactorBits == 4 && TFormat.Grades != ScaleGrades.PerHalfBlock)
            return Avx512BW.MultiplyAddAdjacent((low01 + low23) + (high01 + high23), one) + zero;
        if (PanelLayout<TFormat>.FactorBits <= 5)
            return Avx512BW.MultiplyAddAdjacent(low01 + low23, grade0) + Avx512BW.MultiplyAddAdjacent(high01 + high23, grade1) + zero;
        return (Avx512BW.MultiplyAddAdjacent(low01, grade0) + Avx512BW.MultiplyAddAdjacent(low23, grade0))
            + (Avx512BW.MultiplyAddAdjacent(high01, grade1) + Avx512BW.MultiplyAddAdjacent(high23, grade1)) + zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<short> GradesAvx512(byte* grades) =>
        PanelVectors<TFormat>.Zmm.InBothHalves(PanelVectors<TFormat>.Zmm.Grades(grades));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<short> LowAvx512(byte* quants, byte* input, int j) =>
        Avx512BW.MultiplyAddAdjacent(PanelVectors<TFormat>.Zmm.Low(quants, j), PanelVectors<TFormat>.Zmm.Inputs(input, j));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<short> HighAvx512(byte* quants, byte* input, int j) =>
        Avx512BW.MultiplyAddAdjacent(PanelVectors<TFormat>.Zmm.High(quants, j), PanelVectors<TFormat>.Zmm.Inputs(input, 4 + j));

    /// <summary>Bytes with bytes, where the processor adds four products at a time; .NET 10 has that for 256 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<int> DotBytesAvxVnni(byte* quants, byte* input)
    {
        var lower = Vector256<int>.Zero;
        var upper = Vector256<int>.Zero;
        var lower1 = Vector256<int>.Zero;
        var upper1 = Vector256<int>.Zero;
        AddBytes(PanelVectors<TFormat>.Zmm.Low(quants, 0), input, 0, ref lower, ref upper);
        AddBytes(PanelVectors<TFormat>.Zmm.Low(quants, 1), input, 1, ref lower1, ref upper1);
        AddBytes(PanelVectors<TFormat>.Zmm.Low(quants, 2), input, 2, ref lower, ref upper);
        AddBytes(PanelVectors<TFormat>.Zmm.Low(quants, 3), input, 3, ref lower1, ref upper1);
        AddBytes(PanelVectors<TFormat>.Zmm.High(quants, 0), input, 4, ref lower, ref upper);
        AddBytes(PanelVectors<TFormat>.Zmm.High(quants, 1), input, 5, ref lower1, ref upper1);
        AddBytes(PanelVectors<TFormat>.Zmm.High(quants, 2), input, 6, ref lower, ref upper);
        AddBytes(PanelVectors<TFormat>.Zmm.High(quants, 3), input, 7, ref lower1, ref upper1);
        return Vector512.Create(lower + lower1, upper + upper1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddBytes(Vector512<byte> quants, byte* input, int group, ref Vector256<int> lower, ref Vector256<int> upper)
    {
        var inputs = Vector256.Create(((int*)input)[group]).AsSByte();
        lower = AvxVnni.MultiplyWideningAndAdd(lower, quants.GetLower(), inputs);
        upper = AvxVnni.MultiplyWideningAndAdd(upper, quants.GetUpper(), inputs);
    }

    /// <summary>Bytes with bytes as two products of half bytes, whose pairs fit 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<int> DotHalvesAvx512(byte* quants, byte* input)
    {
        var low = Vector512<short>.Zero;
        var high = Vector512<short>.Zero;
        var mask = Vector512.Create((byte)15);
        for (var group = 0; group < 8; group++)
        {
            var quant = group < 4 ? PanelVectors<TFormat>.Zmm.Low(quants, group) : PanelVectors<TFormat>.Zmm.High(quants, group - 4);
            var inputs = PanelVectors<TFormat>.Zmm.Inputs(input, group);
            low += Avx512BW.MultiplyAddAdjacent(quant & mask, inputs);
            high += Avx512BW.MultiplyAddAdjacent((quant.AsUInt16() >>> 4).AsByte() & mask, inputs);
        }
        var one = Vector512.Create((short)1);
        return Avx512BW.MultiplyAddAdjacent(low, one) + (Avx512BW.MultiplyAddAdjacent(high, one) << 4);
    }
}
