using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

static unsafe partial class PanelRow<TFormat>
{
    const int PrefetchDistance = 3072;

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
                    var weights = new BlockAvx512(block, scale, offset);
                    sum = weights.Add(input, sum);
                    Prefetch(block + PrefetchDistance);
                    block += PanelLayout<TFormat>.BlockBytes;
                    input += ActivationBlocks.BlockBytes;
                }
            }
            Vector512.StoreUnsafe(sum, ref MemoryMarshal.GetReference(sums));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RunFourAvx512(ReadOnlySpan<byte> panel, in FourInputs inputs, int scales, Span<float> sums, int stride)
    {
        fixed (byte* panelStart = &MemoryMarshal.GetReference(panel))
        fixed (byte* input0 = &MemoryMarshal.GetReference(inputs.First))
        fixed (byte* input1 = &MemoryMarshal.GetReference(inputs.Second))
        fixed (byte* input2 = &MemoryMarshal.GetReference(inputs.Third))
        fixed (byte* input3 = &MemoryMarshal.GetReference(inputs.Fourth))
        fixed (float* sum = &MemoryMarshal.GetReference(sums))
        {
            var block = panelStart;
            nint at = 0;
            var sum0 = Vector512<float>.Zero;
            var sum1 = Vector512<float>.Zero;
            var sum2 = Vector512<float>.Zero;
            var sum3 = Vector512<float>.Zero;
            for (var index = 0; index < scales; index++)
            {
                var scale = PanelVectors<TFormat>.Zmm.Scales(block);
                var offset = TFormat.HasOffset ? PanelVectors<TFormat>.Zmm.Scales(block + 2 * PanelLayout<TFormat>.Rows) : default;
                block += PanelLayout<TFormat>.HeaderBytes;
                for (var inner = 0; inner < TFormat.ScaleBlocks; inner++)
                {
                    var weights = new BlockAvx512(block, scale, offset);
                    sum0 = weights.Add(input0 + at, sum0);
                    sum1 = weights.Add(input1 + at, sum1);
                    sum2 = weights.Add(input2 + at, sum2);
                    sum3 = weights.Add(input3 + at, sum3);
                    Prefetch(block + PrefetchDistance);
                    block += PanelLayout<TFormat>.BlockBytes;
                    at += ActivationBlocks.BlockBytes;
                }
            }
            sum0.Store(sum);
            sum1.Store(sum + stride);
            sum2.Store(sum + 2 * stride);
            sum3.Store(sum + 3 * stride);
        }
    }

    /// <summary>Fetches weights ahead: the processor's own look-ahead ends at every page of 4 KiB.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(byte* block)
    {
        for (var at = 0; at < PanelLayout<TFormat>.BlockBytes; at += 64)
            Sse.Prefetch0(block + at);
    }

    /// <summary>A block of weights, unpacked into registers.</summary>
    readonly struct BlockAvx512
    {
        readonly Vector512<byte> _low0, _low1, _low2, _low3, _high0, _high1, _high2, _high3;
        readonly Vector512<short> _grade0, _grade1, _zero;
        readonly Vector512<float> _scale, _offset;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public BlockAvx512(byte* block, Vector512<float> scale, Vector512<float> offset)
        {
            var quants = block + PanelLayout<TFormat>.GradeBytes;
            _low0 = PanelVectors<TFormat>.Zmm.Low(quants, 0);
            _low1 = PanelVectors<TFormat>.Zmm.Low(quants, 1);
            _low2 = PanelVectors<TFormat>.Zmm.Low(quants, 2);
            _low3 = PanelVectors<TFormat>.Zmm.Low(quants, 3);
            _high0 = PanelVectors<TFormat>.Zmm.High(quants, 0);
            _high1 = PanelVectors<TFormat>.Zmm.High(quants, 1);
            _high2 = PanelVectors<TFormat>.Zmm.High(quants, 2);
            _high3 = PanelVectors<TFormat>.Zmm.High(quants, 3);
            _scale = PanelVectors<TFormat>.Zmm.BlockScales(scale, block);
            if (TFormat.HasOffset)
                _offset = PanelVectors<TFormat>.Zmm.BlockOffsets(offset, block);
            _zero = PanelVectors<TFormat>.Zmm.ZeroFactors(block);
            var isGraded = TFormat.Grades == ScaleGrades.PerHalfBlock;
            _grade0 = isGraded ? PanelVectors<TFormat>.Zmm.HalfGrades(block) : Vector512.Create((short)1);
            _grade1 = isGraded ? PanelVectors<TFormat>.Zmm.HalfGrades(block + PanelLayout<TFormat>.Rows) : Vector512.Create((short)1);
        }

        /// <summary>Adds the block's products with a block of inputs to 16 sums.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Add(byte* input, Vector512<float> sum)
        {
            var dot = PanelLayout<TFormat>.FactorBits == 8
                ? (AvxVnni.IsSupported ? DotBytesAvxVnni((int*)input) : DotHalves((int*)input))
                : DotSmall((int*)input);
            if (TFormat.Zero != 0)
                dot += Avx512BW.MultiplyAddAdjacent(_zero, PanelVectors<TFormat>.Zmm.InputSums(input));
            return PanelVectors<TFormat>.Zmm.Add(dot, _scale, _offset, input, sum);
        }

        /// <summary>
        /// Products of 4-bit numbers with bytes fit 16 bits eight at a time, of 5-bit ones four, of 6-bit ones two at a time.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector512<int> DotSmall(int* input)
        {
            var low01 = Avx512BW.MultiplyAddAdjacent(_low0, Vector512.Create(input[0]).AsSByte())
                + Avx512BW.MultiplyAddAdjacent(_low1, Vector512.Create(input[1]).AsSByte());
            var low23 = Avx512BW.MultiplyAddAdjacent(_low2, Vector512.Create(input[2]).AsSByte())
                + Avx512BW.MultiplyAddAdjacent(_low3, Vector512.Create(input[3]).AsSByte());
            var high01 = Avx512BW.MultiplyAddAdjacent(_high0, Vector512.Create(input[4]).AsSByte())
                + Avx512BW.MultiplyAddAdjacent(_high1, Vector512.Create(input[5]).AsSByte());
            var high23 = Avx512BW.MultiplyAddAdjacent(_high2, Vector512.Create(input[6]).AsSByte())
                + Avx512BW.MultiplyAddAdjacent(_high3, Vector512.Create(input[7]).AsSByte());
            if (PanelLayout<TFormat>.FactorBits == 4 && TFormat.Grades != ScaleGrades.PerHalfBlock)
                return Avx512BW.MultiplyAddAdjacent((low01 + low23) + (high01 + high23), _grade0);
            if (PanelLayout<TFormat>.FactorBits <= 5)
                return Avx512BW.MultiplyAddAdjacent(low01 + low23, _grade0) + Avx512BW.MultiplyAddAdjacent(high01 + high23, _grade1);
            return (Avx512BW.MultiplyAddAdjacent(low01, _grade0) + Avx512BW.MultiplyAddAdjacent(low23, _grade0))
                + (Avx512BW.MultiplyAddAdjacent(high01, _grade1) + Avx512BW.MultiplyAddAdjacent(high23, _grade1));
        }

        /// <summary>Bytes with bytes, where the processor adds four products at a time; .NET 10 has that for 256 bits.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector512<int> DotBytesAvxVnni(int* input)
        {
            var x = Vector256.Create(input[0]).AsSByte();
            var even0 = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, _low0.GetLower(), x);
            var even1 = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, _low0.GetUpper(), x);
            x = Vector256.Create(input[1]).AsSByte();
            var odd0 = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, _low1.GetLower(), x);
            var odd1 = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, _low1.GetUpper(), x);
            x = Vector256.Create(input[2]).AsSByte();
            even0 = AvxVnni.MultiplyWideningAndAdd(even0, _low2.GetLower(), x);
            even1 = AvxVnni.MultiplyWideningAndAdd(even1, _low2.GetUpper(), x);
            x = Vector256.Create(input[3]).AsSByte();
            odd0 = AvxVnni.MultiplyWideningAndAdd(odd0, _low3.GetLower(), x);
            odd1 = AvxVnni.MultiplyWideningAndAdd(odd1, _low3.GetUpper(), x);
            x = Vector256.Create(input[4]).AsSByte();
            even0 = AvxVnni.MultiplyWideningAndAdd(even0, _high0.GetLower(), x);
            even1 = AvxVnni.MultiplyWideningAndAdd(even1, _high0.GetUpper(), x);
            x = Vector256.Create(input[5]).AsSByte();
            odd0 = AvxVnni.MultiplyWideningAndAdd(odd0, _high1.GetLower(), x);
            odd1 = AvxVnni.MultiplyWideningAndAdd(odd1, _high1.GetUpper(), x);
            x = Vector256.Create(input[6]).AsSByte();
            even0 = AvxVnni.MultiplyWideningAndAdd(even0, _high2.GetLower(), x);
            even1 = AvxVnni.MultiplyWideningAndAdd(even1, _high2.GetUpper(), x);
            x = Vector256.Create(input[7]).AsSByte();
            odd0 = AvxVnni.MultiplyWideningAndAdd(odd0, _high3.GetLower(), x);
            odd1 = AvxVnni.MultiplyWideningAndAdd(odd1, _high3.GetUpper(), x);
            return Vector512.Create(even0 + odd0, even1 + odd1);
        }

        /// <summary>Bytes with bytes as two products of half bytes, whose pairs fit 16 bits.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector512<int> DotHalves(int* input)
        {
            var low = Vector512<short>.Zero;
            var high = Vector512<short>.Zero;
            AddHalves(_low0, input[0], ref low, ref high);
            AddHalves(_low1, input[1], ref low, ref high);
            AddHalves(_low2, input[2], ref low, ref high);
            AddHalves(_low3, input[3], ref low, ref high);
            AddHalves(_high0, input[4], ref low, ref high);
            AddHalves(_high1, input[5], ref low, ref high);
            AddHalves(_high2, input[6], ref low, ref high);
            AddHalves(_high3, input[7], ref low, ref high);
            return Avx512BW.MultiplyAddAdjacent(low, _grade0) + (Avx512BW.MultiplyAddAdjacent(high, _grade0) << 4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void AddHalves(Vector512<byte> factors, int inputs, ref Vector512<short> low, ref Vector512<short> high)
        {
            var mask = Vector512.Create((byte)15);
            var x = Vector512.Create(inputs).AsSByte();
            low += Avx512BW.MultiplyAddAdjacent(factors & mask, x);
            high += Avx512BW.MultiplyAddAdjacent((factors.AsUInt16() >>> 4).AsByte() & mask, x);
        }
    }
}
