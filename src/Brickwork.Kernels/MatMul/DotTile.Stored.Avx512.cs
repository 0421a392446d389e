using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.MatMul;

// For a few tokens weights come from memory once: they are widened in registers, not by way of a buffer.
static partial class DotTile
{
    static unsafe void AccumulateStoredAvx512<TLanes>(ReadOnlySpan<byte> weights, int rowBytes, int rows, in Rows inputs, int columns,
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
                var present = Math.Min(4, rows - row);
                var token = 0;
                for (; token + 2 <= inputs.Count; token += 2)
                    Stored4x2Avx512<TLanes>(w, w + second, w + third, w + fourth, rowBytes, input + (nint)token * inputs.Stride,
                        inputs.Stride, columns, sums + token * tokenLanes + row * Lanes, tokenLanes, present);
                if (token < inputs.Count)
                    Stored4x1Avx512<TLanes>(w, w + second, w + third, w + fourth, rowBytes, input + (nint)token * inputs.Stride, columns,
                        sums + token * tokenLanes + row * Lanes, present);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Stored4x1Avx512<TLanes>(
        byte* weight0, byte* weight1, byte* weight2, byte* weight3, nint rowBytes, float* input, nint columns, float* sums, int rows)
        where TLanes : struct, IStoredLanes
    {
        var s0 = Vector512.Load(sums);
        var s1 = Vector512.Load(sums + Math.Min(1, rows - 1) * Lanes);
        var s2 = Vector512.Load(sums + Math.Min(2, rows - 1) * Lanes);
        var s3 = Vector512.Load(sums + Math.Min(3, rows - 1) * Lanes);
        for (nint column = 0; column < columns; column += Lanes)
        {
            // A row of a page or two is over before the processor starts to fetch ahead: ask for the next four rows here.
            var ahead = column * sizeof(ushort) + 4 * rowBytes;
            Sse.Prefetch0(weight0 + ahead); Sse.Prefetch0(weight1 + ahead); Sse.Prefetch0(weight2 + ahead); Sse.Prefetch0(weight3 + ahead);
            var x = Vector512.Load(input + column);
            s0 = Avx512F.FusedMultiplyAdd(TLanes.Load(weight0, column), x, s0);
            s1 = Avx512F.FusedMultiplyAdd(TLanes.Load(weight1, column), x, s1);
            s2 = Avx512F.FusedMultiplyAdd(TLanes.Load(weight2, column), x, s2);
            s3 = Avx512F.FusedMultiplyAdd(TLanes.Load(weight3, column), x, s3);
        }
        StoreAvx512(sums, rows, s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Stored4x2Avx512<TLanes>(
        byte* weight0, byte* weight1, byte* weight2, byte* weight3, nint rowBytes, float* input, nint inputStride, nint columns,
        float* sums, nint tokenLanes, int rows)
        where TLanes : struct, IStoredLanes
    {
        var next = sums + tokenLanes;
        var s0 = Vector512.Load(sums); var t0 = Vector512.Load(next);
        var s1 = Vector512.Load(sums + Math.Min(1, rows - 1) * Lanes); var t1 = Vector512.Load(next + Math.Min(1, rows - 1) * Lanes);
        var s2 = Vector512.Load(sums + Math.Min(2, rows - 1) * Lanes); var t2 = Vector512.Load(next + Math.Min(2, rows - 1) * Lanes);
        var s3 = Vector512.Load(sums + Math.Min(3, rows - 1) * Lanes); var t3 = Vector512.Load(next + Math.Min(3, rows - 1) * Lanes);
        for (nint column = 0; column < columns; column += Lanes)
        {
            var ahead = column * sizeof(ushort) + 4 * rowBytes;
            Sse.Prefetch0(weight0 + ahead); Sse.Prefetch0(weight1 + ahead); Sse.Prefetch0(weight2 + ahead); Sse.Prefetch0(weight3 + ahead);
            var x = Vector512.Load(input + column);
            var y = Vector512.Load(input + inputStride + column);
            var w = TLanes.Load(weight0, column);
            s0 = Avx512F.FusedMultiplyAdd(w, x, s0); t0 = Avx512F.FusedMultiplyAdd(w, y, t0);
            w = TLanes.Load(weight1, column);
            s1 = Avx512F.FusedMultiplyAdd(w, x, s1); t1 = Avx512F.FusedMultiplyAdd(w, y, t1);
            w = TLanes.Load(weight2, column);
            s2 = Avx512F.FusedMultiplyAdd(w, x, s2); t2 = Avx512F.FusedMultiplyAdd(w, y, t2);
            w = TLanes.Load(weight3, column);
            s3 = Avx512F.FusedMultiplyAdd(w, x, s3); t3 = Avx512F.FusedMultiplyAdd(w, y, t3);
        }
        StoreAvx512(sums, rows, s0, s1, s2, s3);
        StoreAvx512(next, rows, t0, t1, t2, t3);
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
