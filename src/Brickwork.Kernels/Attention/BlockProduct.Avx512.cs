using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.Attention;

static unsafe partial class BlockProduct
{
    /// <summary>Eight rows by 32 columns: sixteen chains hide the time of a multiply-add, and the rows share each load of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TileAvx512(in Factor a, int row, ReadOnlySpan<float> b, Span<float> c, (int B, int C) stride, nint depth, bool adds)
    {
        Vector512<float> s0 = default, t0 = default, s1 = default, t1 = default;
        Vector512<float> s2 = default, t2 = default, s3 = default, t3 = default;
        Vector512<float> s4 = default, t4 = default, s5 = default, t5 = default;
        Vector512<float> s6 = default, t6 = default, s7 = default, t7 = default;
        nint fromRow = a.RowStride * sizeof(float), fromThree = 3 * fromRow, step = a.DepthStride * sizeof(float);
        nint next = stride.C, nextB = stride.B;
        fixed (float* values = &MemoryMarshal.GetReference(a.Values))
        fixed (float* rights = &MemoryMarshal.GetReference(b))
        fixed (float* sum = &MemoryMarshal.GetReference(c))
        {
            if (adds)
            {
                s0 = Vector512.Load(sum); t0 = Vector512.Load(sum + 16);
                s1 = Vector512.Load(sum + next); t1 = Vector512.Load(sum + next + 16);
                s2 = Vector512.Load(sum + 2 * next); t2 = Vector512.Load(sum + 2 * next + 16);
                s3 = Vector512.Load(sum + 3 * next); t3 = Vector512.Load(sum + 3 * next + 16);
                s4 = Vector512.Load(sum + 4 * next); t4 = Vector512.Load(sum + 4 * next + 16);
                s5 = Vector512.Load(sum + 5 * next); t5 = Vector512.Load(sum + 5 * next + 16);
                s6 = Vector512.Load(sum + 6 * next); t6 = Vector512.Load(sum + 6 * next + 16);
                s7 = Vector512.Load(sum + 7 * next); t7 = Vector512.Load(sum + 7 * next + 16);
            }
            var near = (byte*)(values + (nint)row * a.RowStride);
            var far = near + 4 * fromRow;
            for (var right = rights; depth > 0; depth--, near += step, far += step, right += nextB)
            {
                var b0 = Vector512.Load(right);
                var b1 = Vector512.Load(right + 16);
                var x = Vector512.Create(*(float*)near);
                s0 = Avx512F.FusedMultiplyAdd(b0, x, s0); t0 = Avx512F.FusedMultiplyAdd(b1, x, t0);
                x = Vector512.Create(*(float*)(near + fromRow));
                s1 = Avx512F.FusedMultiplyAdd(b0, x, s1); t1 = Avx512F.FusedMultiplyAdd(b1, x, t1);
                x = Vector512.Create(*(float*)(near + 2 * fromRow));
                s2 = Avx512F.FusedMultiplyAdd(b0, x, s2); t2 = Avx512F.FusedMultiplyAdd(b1, x, t2);
                x = Vector512.Create(*(float*)(near + fromThree));
                s3 = Avx512F.FusedMultiplyAdd(b0, x, s3); t3 = Avx512F.FusedMultiplyAdd(b1, x, t3);
                x = Vector512.Create(*(float*)far);
                s4 = Avx512F.FusedMultiplyAdd(b0, x, s4); t4 = Avx512F.FusedMultiplyAdd(b1, x, t4);
                x = Vector512.Create(*(float*)(far + fromRow));
                s5 = Avx512F.FusedMultiplyAdd(b0, x, s5); t5 = Avx512F.FusedMultiplyAdd(b1, x, t5);
                x = Vector512.Create(*(float*)(far + 2 * fromRow));
                s6 = Avx512F.FusedMultiplyAdd(b0, x, s6); t6 = Avx512F.FusedMultiplyAdd(b1, x, t6);
                x = Vector512.Create(*(float*)(far + fromThree));
                s7 = Avx512F.FusedMultiplyAdd(b0, x, s7); t7 = Avx512F.FusedMultiplyAdd(b1, x, t7);
            }
            s0.Store(sum); t0.Store(sum + 16);
            s1.Store(sum + next); t1.Store(sum + next + 16);
            s2.Store(sum + 2 * next); t2.Store(sum + 2 * next + 16);
            s3.Store(sum + 3 * next); t3.Store(sum + 3 * next + 16);
            s4.Store(sum + 4 * next); t4.Store(sum + 4 * next + 16);
            s5.Store(sum + 5 * next); t5.Store(sum + 5 * next + 16);
            s6.Store(sum + 6 * next); t6.Store(sum + 6 * next + 16);
            s7.Store(sum + 7 * next); t7.Store(sum + 7 * next + 16);
        }
    }
}
