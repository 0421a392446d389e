using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

static partial class AttentionKernel
{
    static void Scores<T>(
        AttentionOptions options, ReadOnlySpan<float> queries, ReadOnlySpan<AttentionRow> rows, ReadOnlySpan<float> keys, Span<float> scores)
        where T : struct, ILanes<T>
    {
        for (var row = 0; row < rows.Length; row++)
        {
            var target = scores.Slice(row * Positions, Positions);
            ScoreRow<T>(queries.Slice(rows[row].Offset, options.KeyWidth), keys, target, 0);
            ref var score = ref MemoryMarshal.GetReference(target);
            for (var i = 0; i < Positions; i += T.Count)
                T.Store(Scaled(options, T.Load(ref score, (nuint)i)), ref score, (nuint)i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Scaled<T>(AttentionOptions options, T products) where T : struct, ILanes<T>
    {
        var value = products * T.Broadcast(options.Scale);
        return options.SoftCap == 0 ? value : LaneMath.Tanh(value / T.Broadcast(options.SoftCap)) * T.Broadcast(options.SoftCap);
    }

    /// <summary>q · k of one row with the 64 keys of a page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ScoreRow<T>(ReadOnlySpan<float> query, ReadOnlySpan<float> keys, Span<float> scores, nint ahead) where T : struct, ILanes<T>
    {
        ref var q = ref MemoryMarshal.GetReference(query);
        ref var target = ref MemoryMarshal.GetReference(scores);
        for (var slot = 0; slot < Positions; slot += 4 * T.Count)
        {
            ref var key = ref Unsafe.Add(ref MemoryMarshal.GetReference(keys), slot);
            var a = T.Broadcast(0);
            var (b, c, d) = (a, a, a);
            for (var i = 0; i < query.Length; i++)
            {
                NextPage.Call(ref key, 4 * T.Count * sizeof(float), ahead);
                var value = T.Broadcast(Unsafe.Add(ref q, i));
                a = T.MultiplyAdd(value, T.Load(ref key, 0), a);
                b = T.MultiplyAdd(value, T.Load(ref key, (nuint)T.Count), b);
                c = T.MultiplyAdd(value, T.Load(ref key, (nuint)(2 * T.Count)), c);
                d = T.MultiplyAdd(value, T.Load(ref key, (nuint)(3 * T.Count)), d);
                key = ref Unsafe.Add(ref key, Positions);
            }
            T.Store(a, ref target, (nuint)slot);
            T.Store(b, ref target, (nuint)(slot + T.Count));
            T.Store(c, ref target, (nuint)(slot + 2 * T.Count));
            T.Store(d, ref target, (nuint)(slot + 3 * T.Count));
        }
    }

    /// <summary>q · k of two to four rows with the 64 keys of a page. Missing rows repeat the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ScoreTile<T>(
        ReadOnlySpan<float> queries, ReadOnlySpan<AttentionRow> tile, int width, ReadOnlySpan<float> keys, Span<float> scores, nint ahead)
        where T : struct, ILaneSums<T>
    {
        var last = tile.Length - 1;
        ref var first = ref MemoryMarshal.GetReference(queries.Slice(tile[0].Offset, width));
        ref var second = ref MemoryMarshal.GetReference(queries.Slice(tile[1].Offset, width));
        ref var third = ref MemoryMarshal.GetReference(queries.Slice(tile[Math.Min(2, last)].Offset, width));
        ref var fourth = ref MemoryMarshal.GetReference(queries.Slice(tile[last].Offset, width));
        var step = 2 * T.Count;
        for (var slot = 0; slot < Positions; slot += step)
        {
            ref var key = ref Unsafe.Add(ref MemoryMarshal.GetReference(keys), slot);
            var a0 = T.Broadcast(0);
            var a1 = T.Broadcast(0);
            var (b0, b1, c0, c1, d0, d1) = (a0, a0, a0, a0, a0, a0);
            for (var i = 0; i < width; i++)
            {
                NextPage.Call(ref key, 2 * T.Count * sizeof(float), ahead);
                var k0 = T.Load(ref key, 0);
                var k1 = T.Load(ref key, (nuint)T.Count);
                key = ref Unsafe.Add(ref key, Positions);
                var value = T.Broadcast(Unsafe.Add(ref first, i));
                (a0, a1) = (T.MultiplyAdd(value, k0, a0), T.MultiplyAdd(value, k1, a1));
                value = T.Broadcast(Unsafe.Add(ref second, i));
                (b0, b1) = (T.MultiplyAdd(value, k0, b0), T.MultiplyAdd(value, k1, b1));
                value = T.Broadcast(Unsafe.Add(ref third, i));
                (c0, c1) = (T.MultiplyAdd(value, k0, c0), T.MultiplyAdd(value, k1, c1));
                value = T.Broadcast(Unsafe.Add(ref fourth, i));
                (d0, d1) = (T.MultiplyAdd(value, k0, d0), T.MultiplyAdd(value, k1, d1));
            }
            StorePair(a0, a1, scores, slot);
            StorePair(b0, b1, scores, Positions + slot);
            StorePair(c0, c1, scores, Math.Min(2, last) * Positions + slot);
            StorePair(d0, d1, scores, last * Positions + slot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StorePair<T>(T first, T second, Span<float> target, int offset) where T : struct, ILaneSums<T>
    {
        T.Store(first, ref MemoryMarshal.GetReference(target), (nuint)offset);
        T.Store(second, ref MemoryMarshal.GetReference(target), (nuint)(offset + T.Count));
    }
}
