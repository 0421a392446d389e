using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Merging;

static partial class Differences
{
    /// <inheritdoc cref="AddReference"/>
    public static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> origin, double scale, Span<double> sums)
    {
        var (i, factor) = (0, Vector512.Create(scale));
        for (; i <= x.Length - Lanes; i += Lanes)
            (Vector512.Create<double>(sums[i..]) + factor * Load(x, origin, i)).CopyTo(sums[i..]);
        AddReference(x[i..], Rest(origin, i), scale, sums[i..]);
    }

    /// <summary>sums += deltas.</summary>
    public static void Add(ReadOnlySpan<double> deltas, Span<double> sums)
    {
        var i = 0;
        for (; i <= deltas.Length - Lanes; i += Lanes)
            (Vector512.Create<double>(sums[i..]) + Vector512.Create(deltas[i..])).CopyTo(sums[i..]);
        for (; i < deltas.Length; i++)
            sums[i] += deltas[i];
    }

    /// <inheritdoc cref="RoundReference"/>
    public static void Round(ReadOnlySpan<float> origin, double scale, ReadOnlySpan<double> sums, Span<float> y)
    {
        var (i, factor) = (0, Vector512.Create(scale));
        for (; i <= y.Length - Lanes; i += Lanes)
        {
            var value = factor * Vector512.Create(sums[i..]);
            if (!origin.IsEmpty)
                value += Widen(origin, i);
            Vector512.Narrow(value, value).GetLower().CopyTo(y[i..]);
        }
        RoundReference(Rest(origin, i), scale, sums[i..], y[i..]);
    }

    /// <inheritdoc cref="MagnitudesReference"/>
    public static void Magnitudes(ReadOnlySpan<float> x, ReadOnlySpan<float> origin, Span<float> y)
    {
        var i = 0;
        for (; i <= y.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var value = Vector256.Create(x[i..]);
            Vector256.Abs(origin.IsEmpty ? value : value - Vector256.Create(origin[i..])).CopyTo(y[i..]);
        }
        MagnitudesReference(x[i..], Rest(origin, i), y[i..]);
    }

    /// <inheritdoc cref="ProductReference"/>
    public static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> origin)
    {
        var (i, lanes) = (0, Vector512<double>.Zero);
        for (; i <= a.Length - Lanes; i += Lanes)
            lanes += Load(a, origin, i) * Load(b, origin, i);
        for (; i < a.Length; i++)
        {
            var zero = origin.IsEmpty ? 0.0 : origin[i];
            lanes = lanes.WithElement(i % Lanes, lanes[i % Lanes] + (a[i] - zero) * (b[i] - zero));
        }
        var sum = 0.0;
        for (var lane = 0; lane < Lanes; lane++)
            sum += lanes[lane];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Load(ReadOnlySpan<float> x, ReadOnlySpan<float> origin, int index) =>
        origin.IsEmpty ? Widen(x, index) : Widen(x, index) - Widen(origin, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Widen(ReadOnlySpan<float> values, int index)
    {
        var (low, high) = Vector256.Widen(Vector256.Create(values[index..]));
        return Vector512.Create(low, high);
    }

    static ReadOnlySpan<float> Rest(ReadOnlySpan<float> origin, int index) => origin.IsEmpty ? [] : origin[index..];
}
