using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.MatMul;

// For a few tokens weights come from memory once: they are widened in registers, not by way of a buffer.
static partial class DotTile
{
    // Further than short rows take: what is fetched arrives in time from memory.
    const int FetchedAhead = 16384;

    static unsafe void SumStoredAvx512<TLanes>(ReadOnlySpan<byte> weights, int rowBytes, int rows, in Rows inputs, int columns,
        Span<float> lanes)
        where TLanes : struct, IStoredLanes
    {
        fixed (byte* weight = &MemoryMarshal.GetReference(weights))
        fixed (float* input = &MemoryMarshal.GetReference(inputs.Values))
        fixed (float* sums = &MemoryMarshal.GetReference(lanes))
        {
            nint tokenLanes = (nint)rows * Lanes;
            for (var row = 0; row < rows; row += 4)
            {
                // Rows that are not there repeat the last one and give their sums to nobody.
                nint second = row + 1 < rows ? rowBytes : 0;
                nint third = row + 2 < rows ? 2 * rowBytes : 0;
                nint fourth = row + 3 < rows ? 3 * rowBytes : 0;
                var w = weight + (nint)row * rowBytes;
                var ahead = w + Math.Max(4 * (nint)rowBytes, FetchedAhead);
                var present = Math.Min(4, rows - row);
                for (var token = 0; token < inputs.Count;)
                {
                    var left = inputs.Count - token;
                    var x = input + (nint)token * inputs.Stride;
                    var s = sums + token * tokenLanes + row * Lanes;
                    if (left >= 4)
                        StoredAvx512<TLanes, FourTokens>(w, w + second, w + third, w + fourth, ahead, x, inputs.Stride, columns, s,
                            tokenLanes, present);
                    else if (left >= 2)
                        StoredAvx512<TLanes, TwoTokens>(w, w + second, w + third, w + fourth, ahead, x, inputs.Stride, columns, s,
                            tokenLanes, present);
                    else
                        StoredAvx512<TLanes, OneToken>(w, w + second, w + third, w + fourth, ahead, x, inputs.Stride, columns, s,
                            tokenLanes, present);
                    token += left >= 4 ? 4 : left >= 2 ? 2 : 1;
                }
            }
        }
    }

    /// <summary>Four rows, those that are not there being others once more, with one, two or four tokens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void StoredAvx512<TLanes, TTokens>(
        byte* weight0, byte* weight1, byte* weight2, byte* weight3, byte* ahead, float* input, nint inputStride, nint columns, float* sums,
        nint tokenLanes, int rows)
        where TLanes : struct, IStoredLanes
        where TTokens : struct, ITokenCount
    {
        var (two, four) = (TTokens.Count > 1, TTokens.Count > 2);
        var input1 = input + inputStride;
        var input2 = input1 + inputStride;
        var input3 = input2 + inputStride;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<float> d0 = default, d1 = default, d2 = default, d3 = default;
        Vector512<float> xb = default, xc = default, xd = default;
        for (nint column = 0; column < columns; column += Lanes)
        {
            // Rows are over before the processor starts to fetch ahead: ask for the next four here, in the order in which they lie.
            Sse.Prefetch0(ahead + 8 * column); Sse.Prefetch0(ahead + 8 * column + 64);
            var xa = Vector512.Load(input + column);
            if (two)
                xb = Vector512.Load(input1 + column);
            if (four)
            {
                xc = Vector512.Load(input2 + column);
                xd = Vector512.Load(input3 + column);
            }
            var w = TLanes.Load(weight0, column);
            a0 = Avx512F.FusedMultiplyAdd(w, xa, a0);
            if (two)
                b0 = Avx512F.FusedMultiplyAdd(w, xb, b0);
            if (four)
            {
                c0 = Avx512F.FusedMultiplyAdd(w, xc, c0); d0 = Avx512F.FusedMultiplyAdd(w, xd, d0);
            }
            w = TLanes.Load(weight1, column);
            a1 = Avx512F.FusedMultiplyAdd(w, xa, a1);
            if (two)
                b1 = Avx512F.FusedMultiplyAdd(w, xb, b1);
            if (four)
            {
                c1 = Avx512F.FusedMultiplyAdd(w, xc, c1); d1 = Avx512F.FusedMultiplyAdd(w, xd, d1);
            }
            w = TLanes.Load(weight2, column);
            a2 = Avx512F.FusedMultiplyAdd(w, xa, a2);
            if (two)
                b2 = Avx512F.FusedMultiplyAdd(w, xb, b2);
            if (four)
            {
                c2 = Avx512F.FusedMultiplyAdd(w, xc, c2); d2 = Avx512F.FusedMultiplyAdd(w, xd, d2);
            }
            w = TLanes.Load(weight3, column);
            a3 = Avx512F.FusedMultiplyAdd(w, xa, a3);
            if (two)
                b3 = Avx512F.FusedMultiplyAdd(w, xb, b3);
            if (four)
            {
                c3 = Avx512F.FusedMultiplyAdd(w, xc, c3); d3 = Avx512F.FusedMultiplyAdd(w, xd, d3);
            }
        }
        StoreAvx512(sums, rows, a0, a1, a2, a3);
        if (two)
            StoreAvx512(sums + tokenLanes, rows, b0, b1, b2, b3);
        if (!four)
            return;
        StoreAvx512(sums + 2 * tokenLanes, rows, c0, c1, c2, c3);
        StoreAvx512(sums + 3 * tokenLanes, rows, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void StoreAvx512(float* sums, int rows, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2,
        Vector512<float> s3)
    {
        s0.Store(sums);
        if (rows > 1)
            s1.Store(sums + Lanes);
        if (rows > 2)
            s2.Store(sums + 2 * Lanes);
        if (rows > 3)
            s3.Store(sums + 3 * Lanes);
    }

    /// <summary>Sixteen stored values as floats.</summary>
    internal unsafe interface IStoredLanes
    {
        static abstract Vector512<float> Load(byte* row, nint column);
    }

    internal readonly unsafe struct F16Lanes : IStoredLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Load(byte* row, nint column)
        {
            var half = Avx512F.ConvertToVector512Int32(Vector256.Load((short*)row + column));
            // Sign, exponent and mantissa in place, the exponent moved from the bias of halves to that of floats …
            var bits = ((half << 13) & Vector512.Create(unchecked((int)0x8FFF_E000))) + Vector512.Create(112 << 23);
            // … once more for infinities and what is no number …
            var exponent = half & Vector512.Create(0x7C00);
            var isSpecial = Vector512.Equals(exponent, Vector512.Create(0x7C00));
            bits = Vector512.ConditionalSelect(isSpecial, bits + Vector512.Create(112 << 23), bits);
            // … and for subnormals 2^-15 (1 + m) becomes 2^-14 m, exactly.
            var signedUnit = ((bits & Vector512.Create(int.MinValue)) | Vector512.Create(0x3880_0000)).AsSingle();
            var value = bits.AsSingle();
            return Vector512.ConditionalSelect(
                Vector512.Equals(exponent, Vector512<int>.Zero).AsSingle(), value + value - signedUnit, value);
        }
    }

    internal readonly unsafe struct F32Lanes : IStoredLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Load(byte* row, nint column) => Vector512.Load((float*)row + column);
    }

    internal readonly unsafe struct BF16Lanes : IStoredLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Load(byte* row, nint column) =>
            (Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)row + column)) << 16).AsSingle();
    }
}
