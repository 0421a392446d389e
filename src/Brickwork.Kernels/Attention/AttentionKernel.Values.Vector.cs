using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

static partial class AttentionKernel
{
    /// <summary>Adds weight · value over the positions each row sees. Positions that all rows see are taken together.</summary>
    static void AddValues<T, TWide>(
        ReadOnlySpan<AttentionRow> tile, int first, ReadOnlySpan<float> weights, ReadOnlySpan<float> values, Span<float> sums,
        nint ahead)
        where T : struct, ILanes<T>
        where TWide : struct, ILaneSums<TWide>
    {
        var (low, high) = (0, Positions);
        foreach (var row in tile)
            (low, high) = (Math.Max(low, row.Start - first), Math.Min(high, row.End - first));
        if (tile.Length == 1 || low >= high)
            low = high = Positions;
        AddRows<T>(tile, first, 0, low, weights, values, sums, ahead);
        if (low < high && sums.Length / tile.Length % TWide.Count == 0)
            AddTile<TWide>(low, high, weights, values, sums, ahead);
        else if (low < high)
            AddTile<T>(low, high, weights, values, sums, ahead);
        AddRows<T>(tile, first, high, Positions, weights, values, sums, ahead);
    }

    /// <summary>Row by row, the positions from <paramref name="low"/> to <paramref name="high"/> that the row sees.</summary>
    static void AddRows<T>(
        ReadOnlySpan<AttentionRow> tile, int first, int low, int high, ReadOnlySpan<float> weights, ReadOnlySpan<float> values,
        Span<float> sums, nint ahead)
        where T : struct, ILanes<T>
    {
        var stride = sums.Length / tile.Length;
        for (var i = 0; i < tile.Length; i++)
        {
            var (start, end) = (Math.Max(low, tile[i].Start - first), Math.Min(high, tile[i].End - first));
            if (start < end)
                AddRow<T>(weights.Slice(i * Positions, Positions)[start..end], values[(start * stride)..], sums.Slice(i * stride, stride), ahead);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddRow<T>(ReadOnlySpan<float> weights, ReadOnlySpan<float> values, Span<float> sums, nint ahead)
        where T : struct, ILanes<T>
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        var last = sums.Length - T.Count;
        for (var column = 0; column < sums.Length; column += 4 * T.Count)
        {
            // Past the end the last vector is taken again: the same sum is then stored more than once.
            var at0 = (nuint)column;
            var at1 = (nuint)Math.Min(column + T.Count, last);
            var at2 = (nuint)Math.Min(column + 2 * T.Count, last);
            var at3 = (nuint)Math.Min(column + 3 * T.Count, last);
            ref var value = ref MemoryMarshal.GetReference(values);
            var (a, b, c, d) = (T.Load(ref sum, at0), T.Load(ref sum, at1), T.Load(ref sum, at2), T.Load(ref sum, at3));
            for (var i = 0; i < weights.Length; i++)
            {
                NextPage.Call(ref Unsafe.Add(ref value, column), 4 * T.Count * sizeof(float), ahead);
                var factor = T.Broadcast(Unsafe.Add(ref weight, i));
                a = T.MultiplyAdd(factor, T.Load(ref value, at0), a);
                b = T.MultiplyAdd(factor, T.Load(ref value, at1), b);
                c = T.MultiplyAdd(factor, T.Load(ref value, at2), c);
                d = T.MultiplyAdd(factor, T.Load(ref value, at3), d);
                value = ref Unsafe.Add(ref value, sums.Length);
            }
            T.Store(a, ref sum, at0);
            T.Store(b, ref sum, at1);
            T.Store(c, ref sum, at2);
            T.Store(d, ref sum, at3);
        }
    }

    /// <summary>Two to four rows over positions that all of them see. Missing rows repeat the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddTile<T>(int low, int high, ReadOnlySpan<float> weights, ReadOnlySpan<float> values, Span<float> sums,
        nint ahead)
        where T : struct, ILaneSums<T>
    {
        var last = weights.Length / Positions - 1;
        var stride = sums.Length / (last + 1);
        var thirdRow = Math.Min(2, last);
        ref var first = ref MemoryMarshal.GetReference(weights);
        ref var second = ref Unsafe.Add(ref first, Positions);
        ref var third = ref Unsafe.Add(ref first, thirdRow * Positions);
        ref var fourth = ref Unsafe.Add(ref first, last * Positions);
        for (var column = 0; column < stride; column += 2 * T.Count)
        {
            var far = Math.Min(column + T.Count, stride - T.Count);
            ref var value = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), low * stride);
            var (a0, a1) = LoadPair<T>(sums, column, far);
            var (b0, b1) = LoadPair<T>(sums, stride + column, stride + far);
            var (c0, c1) = LoadPair<T>(sums, thirdRow * stride + column, thirdRow * stride + far);
            var (d0, d1) = LoadPair<T>(sums, last * stride + column, last * stride + far);
            for (var i = low; i < high; i++)
            {
                NextPage.Call(ref Unsafe.Add(ref value, column), 2 * T.Count * sizeof(float), ahead);
                var v0 = T.Load(ref value, (nuint)column);
                var v1 = T.Load(ref value, (nuint)far);
                value = ref Unsafe.Add(ref value, stride);
                var weight = T.Broadcast(Unsafe.Add(ref first, i));
                (a0, a1) = (T.MultiplyAdd(weight, v0, a0), T.MultiplyAdd(weight, v1, a1));
                weight = T.Broadcast(Unsafe.Add(ref second, i));
                (b0, b1) = (T.MultiplyAdd(weight, v0, b0), T.MultiplyAdd(weight, v1, b1));
                weight = T.Broadcast(Unsafe.Add(ref third, i));
                (c0, c1) = (T.MultiplyAdd(weight, v0, c0), T.MultiplyAdd(weight, v1, c1));
                weight = T.Broadcast(Unsafe.Add(ref fourth, i));
                (d0, d1) = (T.MultiplyAdd(weight, v0, d0), T.MultiplyAdd(weight, v1, d1));
            }
            StorePair(a0, a1, sums, column, far);
            StorePair(b0, b1, sums, stride + column, stride + far);
            StorePair(c0, c1, sums, thirdRow * stride + column, thirdRow * stride + far);
            StorePair(d0, d1, sums, last * stride + column, last * stride + far);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (T First, T Second) LoadPair<T>(Span<float> source, int first, int second) where T : struct, ILaneSums<T> =>
        (T.Load(ref MemoryMarshal.GetReference(source), (nuint)first), T.Load(ref MemoryMarshal.GetReference(source), (nuint)second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StorePair<T>(T first, T second, Span<float> target, int firstAt, int secondAt) where T : struct, ILaneSums<T>
    {
        T.Store(first, ref MemoryMarshal.GetReference(target), (nuint)firstAt);
        T.Store(second, ref MemoryMarshal.GetReference(target), (nuint)secondAt);
    }
}
