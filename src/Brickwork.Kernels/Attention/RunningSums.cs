using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

/// <summary>For each row of a strip the largest score m, the total l = Σ e^(s − m) and the sum o = Σ e^(s − m) · value.</summary>
/// <remarks>Milakov &amp; Gimelshein 2018.</remarks>
readonly ref struct RunningSums(Span<float> sums, Span<float> largest, Span<float> totals, Span<float> kept)
{
    /// <summary>[rows, width] o.</summary>
    public readonly Span<float> Sums = sums;

    /// <summary>[rows] m, −∞ where no key was seen.</summary>
    public readonly Span<float> Largest = largest;

    /// <summary>[rows] l.</summary>
    public readonly Span<float> Totals = totals;

    /// <summary>[rows] what l and o are to be multiplied with since m has grown.</summary>
    readonly Span<float> _kept = kept;

    /// <summary>Nothing seen yet but the sink, a score without a value.</summary>
    public void Clear(float? sink)
    {
        Sums.Clear();
        Largest.Fill(sink ?? float.NegativeInfinity);
        Totals.Fill(sink is null ? 0 : 1);
    }

    /// <summary>A row's largest score is now this.</summary>
    public void Raise(int row, float largest)
    {
        var before = Largest[row];
        _kept[row] = before == largest ? 1 : float.IsNegativeInfinity(before) ? 0 : MathF.Exp(before - largest);
        Largest[row] = largest;
    }

    /// <summary>Adds to the total of a row, whose sums then hold for the new largest score.</summary>
    public void Add<T>(int row, float total) where T : struct, ILanes<T>
    {
        var factor = _kept[row];
        Totals[row] = Totals[row] * factor + total;
        if (factor == 1)
            return;
        var width = Sums.Length / Largest.Length;
        ref var sum = ref MemoryMarshal.GetReference(Sums.Slice(row * width, width));
        for (var i = 0; i < width; i += T.Count)
            T.Store(T.Load(ref sum, (nuint)i) * T.Broadcast(factor), ref sum, (nuint)i);
    }
}
