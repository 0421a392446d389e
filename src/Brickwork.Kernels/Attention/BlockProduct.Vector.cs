using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

static partial class BlockProduct
{
    /// <summary>Eight rows by one vector: enough chains to keep both multipliers busy, few enough for sixteen registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<T>(in Factor a, int row, ReadOnlySpan<float> b, Span<float> c, (int B, int C) stride, int depth, bool adds)
        where T : struct, ILaneSums<T>
    {
        ref var left = ref Unsafe.Add(ref MemoryMarshal.GetReference(a.Values), row * a.RowStride);
        ref var right = ref MemoryMarshal.GetReference(b);
        ref var sum = ref MemoryMarshal.GetReference(c);
        nint rowStride = a.RowStride, next = stride.C;
        var s0 = T.Broadcast(0);
        var (s1, s2, s3, s4, s5, s6, s7) = (s0, s0, s0, s0, s0, s0, s0);
        if (adds)
        {
            s0 = T.Load(ref sum, 0);
            s1 = T.Load(ref Unsafe.Add(ref sum, next), 0);
            s2 = T.Load(ref Unsafe.Add(ref sum, 2 * next), 0);
            s3 = T.Load(ref Unsafe.Add(ref sum, 3 * next), 0);
            s4 = T.Load(ref Unsafe.Add(ref sum, 4 * next), 0);
            s5 = T.Load(ref Unsafe.Add(ref sum, 5 * next), 0);
            s6 = T.Load(ref Unsafe.Add(ref sum, 6 * next), 0);
            s7 = T.Load(ref Unsafe.Add(ref sum, 7 * next), 0);
        }
        for (; depth > 0; depth--)
        {
            var values = T.Load(ref right, 0);
            s0 = T.MultiplyAdd(T.Broadcast(left), values, s0);
            s1 = T.MultiplyAdd(T.Broadcast(Unsafe.Add(ref left, rowStride)), values, s1);
            s2 = T.MultiplyAdd(T.Broadcast(Unsafe.Add(ref left, 2 * rowStride)), values, s2);
            s3 = T.MultiplyAdd(T.Broadcast(Unsafe.Add(ref left, 3 * rowStride)), values, s3);
            s4 = T.MultiplyAdd(T.Broadcast(Unsafe.Add(ref left, 4 * rowStride)), values, s4);
            s5 = T.MultiplyAdd(T.Broadcast(Unsafe.Add(ref left, 5 * rowStride)), values, s5);
            s6 = T.MultiplyAdd(T.Broadcast(Unsafe.Add(ref left, 6 * rowStride)), values, s6);
            s7 = T.MultiplyAdd(T.Broadcast(Unsafe.Add(ref left, 7 * rowStride)), values, s7);
            left = ref Unsafe.Add(ref left, a.DepthStride);
            right = ref Unsafe.Add(ref right, stride.B);
        }
        T.Store(s0, ref sum, 0);
        T.Store(s1, ref Unsafe.Add(ref sum, next), 0);
        T.Store(s2, ref Unsafe.Add(ref sum, 2 * next), 0);
        T.Store(s3, ref Unsafe.Add(ref sum, 3 * next), 0);
        T.Store(s4, ref Unsafe.Add(ref sum, 4 * next), 0);
        T.Store(s5, ref Unsafe.Add(ref sum, 5 * next), 0);
        T.Store(s6, ref Unsafe.Add(ref sum, 6 * next), 0);
        T.Store(s7, ref Unsafe.Add(ref sum, 7 * next), 0);
    }
}
