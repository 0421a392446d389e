using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Brickwork.Kernels.Elementwise;

/// <summary>y = f(x), value by value.</summary>
interface IUnaryOperation
{
    T Apply<T>(T x) where T : struct, ILanes<T>;
}

/// <summary>y = f(a, b), value by value.</summary>
interface IBinaryOperation
{
    T Apply<T>(T a, T b) where T : struct, ILanes<T>;
}

/// <summary>Walks rows by whole vectors. The last values go through the same vector code, so a value never depends on its place.</summary>
static partial class LaneLoop
{
    const int Widest = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<T, TOperation>(TOperation operation, ReadOnlySpan<float> x, Span<float> y)
        where T : struct, ILanes<T>
        where TOperation : struct, IUnaryOperation
    {
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(y);
        var whole = x.Length - x.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
            T.Store(operation.Apply(T.Load(ref source, (nuint)i)), ref target, (nuint)i);
        if (whole == x.Length)
            return;
        StoreTail(operation.Apply(LoadTail<T>(x[whole..])), y[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Zip<T, TOperation>(TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
        where T : struct, ILanes<T>
        where TOperation : struct, IBinaryOperation
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        ref var target = ref MemoryMarshal.GetReference(y);
        var whole = a.Length - a.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
            T.Store(operation.Apply(T.Load(ref first, (nuint)i), T.Load(ref second, (nuint)i)), ref target, (nuint)i);
        if (whole < a.Length)
            StoreTail(operation.Apply(LoadTail<T>(a[whole..]), LoadTail<T>(b[whole..])), y[whole..]);
    }

    /// <summary>y += a · b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ZipAdd<T>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) where T : struct, ILanes<T>
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        ref var target = ref MemoryMarshal.GetReference(y);
        var whole = a.Length - a.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
        {
            var sum = T.MultiplyAdd(T.Load(ref first, (nuint)i), T.Load(ref second, (nuint)i), T.Load(ref target, (nuint)i));
            T.Store(sum, ref target, (nuint)i);
        }
        if (whole < a.Length)
            StoreTail(T.MultiplyAdd(LoadTail<T>(a[whole..]), LoadTail<T>(b[whole..]), LoadTail<T>(y[whole..])), y[whole..]);
    }

    /// <summary>Fewer values than a vector holds, followed by zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadTail<T>(ReadOnlySpan<float> values, float padding = 0) where T : struct, ILanes<T>
    {
        Span<float> buffer = stackalloc float[Widest];
        buffer.Fill(padding);
        values.CopyTo(buffer);
        return T.Load(ref MemoryMarshal.GetReference(buffer), 0);
    }

    /// <summary>As many of the vector's values as <paramref name="target"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTail<T>(T value, Span<float> target) where T : struct, ILanes<T>
    {
        Span<float> buffer = stackalloc float[Widest];
        T.Store(value, ref MemoryMarshal.GetReference(buffer), 0);
        buffer[..target.Length].CopyTo(target);
    }
}
