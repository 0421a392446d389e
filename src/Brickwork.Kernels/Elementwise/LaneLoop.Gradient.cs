using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Brickwork.Kernels.Elementwise;

/// <summary>(y, z) += f(a, b, c), value by value: what the gradients of one operation have in common.</summary>
interface IAccumulation
{
    void Apply<T>(T a, T b, T c, ref T y, ref T z) where T : struct, ILanes<T>;
}

static partial class LaneLoop
{
    /// <summary>One pass over three rows that adds to two others; an empty one of these is not wanted.</summary>
    public static void Accumulate<T, TOperation>(
        TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> y, Span<float> z)
        where T : struct, ILanes<T>
        where TOperation : struct, IAccumulation
    {
        if ((y.Length != a.Length && !y.IsEmpty) || (z.Length != a.Length && !z.IsEmpty))
            throw new ArgumentException($"A row of {a.Length} values has gradients of {y.Length} and {z.Length}.", nameof(y));
        if (!y.IsEmpty && !z.IsEmpty)
            AccumulateTwo<T, TOperation>(operation, a, b, c, y, z);
        else if (!y.IsEmpty)
            AccumulateOne<T, TOperation>(operation, a, b, c, y);
        else if (!z.IsEmpty)
            AccumulateOne<T, Exchanged<TOperation>>(new Exchanged<TOperation>(operation), a, b, c, z);
    }

    /// <summary>The sums over three rows, behind whose end stands a padding that must not add anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Y, float Z) Sums<T, TOperation>(
        TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, float padding)
        where T : struct, ILanes<T>
        where TOperation : struct, IAccumulation
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        ref var third = ref MemoryMarshal.GetReference(c);
        var (y, z) = (T.Broadcast(0), T.Broadcast(0));
        var whole = a.Length - a.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
            operation.Apply(T.Load(ref first, (nuint)i), T.Load(ref second, (nuint)i), T.Load(ref third, (nuint)i), ref y, ref z);
        if (whole < a.Length)
            operation.Apply(
                LoadTail<T>(a[whole..], padding), LoadTail<T>(b[whole..], padding), LoadTail<T>(c[whole..], padding), ref y, ref z);
        return (T.Sum(y), T.Sum(z));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AccumulateOne<T, TOperation>(
        TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> y)
        where T : struct, ILanes<T>
        where TOperation : struct, IAccumulation
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        ref var third = ref MemoryMarshal.GetReference(c);
        ref var target = ref MemoryMarshal.GetReference(y);
        var whole = a.Length - a.Length % T.Count;
        var unwanted = T.Broadcast(0);
        for (var i = 0; i < whole; i += T.Count)
        {
            var sum = T.Load(ref target, (nuint)i);
            operation.Apply(T.Load(ref first, (nuint)i), T.Load(ref second, (nuint)i), T.Load(ref third, (nuint)i), ref sum, ref unwanted);
            T.Store(sum, ref target, (nuint)i);
        }
        if (whole == a.Length)
            return;
        var last = LoadTail<T>(y[whole..]);
        operation.Apply(LoadTail<T>(a[whole..]), LoadTail<T>(b[whole..]), LoadTail<T>(c[whole..]), ref last, ref unwanted);
        StoreTail(last, y[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AccumulateTwo<T, TOperation>(
        TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> y, Span<float> z)
        where T : struct, ILanes<T>
        where TOperation : struct, IAccumulation
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        ref var third = ref MemoryMarshal.GetReference(c);
        ref var target = ref MemoryMarshal.GetReference(y);
        ref var other = ref MemoryMarshal.GetReference(z);
        var whole = a.Length - a.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
        {
            var (sum, otherSum) = (T.Load(ref target, (nuint)i), T.Load(ref other, (nuint)i));
            operation.Apply(T.Load(ref first, (nuint)i), T.Load(ref second, (nuint)i), T.Load(ref third, (nuint)i), ref sum, ref otherSum);
            T.Store(sum, ref target, (nuint)i);
            T.Store(otherSum, ref other, (nuint)i);
        }
        if (whole == a.Length)
            return;
        var (last, otherLast) = (LoadTail<T>(y[whole..]), LoadTail<T>(z[whole..]));
        operation.Apply(LoadTail<T>(a[whole..]), LoadTail<T>(b[whole..]), LoadTail<T>(c[whole..]), ref last, ref otherLast);
        StoreTail(last, y[whole..]);
        StoreTail(otherLast, z[whole..]);
    }

    readonly struct Exchanged<TOperation>(TOperation operation) : IAccumulation where TOperation : struct, IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T a, T b, T c, ref T y, ref T z) where T : struct, ILanes<T> => operation.Apply(a, b, c, ref z, ref y);
    }
}
