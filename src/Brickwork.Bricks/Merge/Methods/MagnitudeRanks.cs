using System.Collections.Concurrent;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>The sides of a cut through an order.</summary>
enum CutSide
{
    /// <summary>The smaller values.</summary>
    Below,

    /// <summary>The larger values.</summary>
    Above,
}

/// <summary>The order of the magnitudes |θ − θ₀| of one input, found without sorting or keeping them: two counts over the halves of their bits.</summary>
/// <remarks>Counts are whole numbers, so neither order nor threads change them.</remarks>
sealed class MagnitudeRanks
{
    readonly MergeTensors _tensors;
    readonly int _source;
    readonly long[] _high;

    public MagnitudeRanks(MergeTensors tensors, int source)
    {
        (_tensors, _source) = (tensors, source);
        _high = Count(MagnitudeBits.CountHigh);
    }

    delegate void Counting(ReadOnlySpan<float> magnitudes, int[] counts);

    /// <summary>The cut with <paramref name="rank"/> values below it.</summary>
    /// <param name="rank">0 = all are above.</param>
    /// <param name="firstEquals">On which side the first ones are of those that equal the first value above.</param>
    public MagnitudeCut At(int rank, CutSide firstEquals)
    {
        if (rank >= _tensors.Count)
            return MagnitudeCut.AboveAll;
        long left = rank;
        var high = MagnitudeBits.Find(_high, ref left);
        var low = Count((magnitudes, counts) => MagnitudeBits.CountLow(magnitudes, high, counts));
        var end = MagnitudeBits.Find(low, ref left);
        var threshold = MagnitudeBits.Value(high, end);
        return new MagnitudeCut(threshold, firstEquals, firstEquals == CutSide.Below ? left : low[end] - left, EqualsBefore(threshold));
    }

    /// <summary>How many equals of a value stand before each stretch.</summary>
    long[] EqualsBefore(float value)
    {
        var before = new long[(_tensors.Count + Stretch.Most - 1) / Stretch.Most + 1];
        _tensors.ForStretches(stretch => before[stretch.Number + 1] = stretch.Magnitudes(_source).Count(value));
        for (var stretch = 1; stretch < before.Length; stretch++)
            before[stretch] += before[stretch - 1];
        return before;
    }

    long[] Count(Counting counting)
    {
        var tables = new ConcurrentBag<int[]>();
        _tensors.ForStretches(stretch =>
        {
            var counts = tables.TryTake(out var known) ? known : new int[MagnitudeBits.Halves];
            counting(stretch.Magnitudes(_source), counts);
            tables.Add(counts);
        });
        var sums = new long[MagnitudeBits.Halves];
        foreach (var counts in tables)
            for (var index = 0; index < MagnitudeBits.Halves; index++)
                sums[index] += counts[index];
        return sums;
    }

}

/// <summary>A line through the order of the magnitudes of an input.</summary>
/// <param name="Threshold">What is larger is above, what is smaller below.</param>
/// <param name="FirstEquals">On which side the first ones are of those that equal it.</param>
/// <param name="FirstCount">How many of them; the others are on the other side.</param>
/// <param name="EqualsBefore">How many equals stand before each stretch.</param>
sealed record MagnitudeCut(float Threshold, CutSide FirstEquals, long FirstCount, long[] EqualsBefore)
{
    public static MagnitudeCut AboveAll { get; } = new(float.PositiveInfinity, CutSide.Below, 0, []);

    /// <summary>The same cut where another one takes the last of its equals: the last of those that are left go instead.</summary>
    public MagnitudeCut Without(MagnitudeCut other) =>
        other.Threshold == Threshold && EqualsBefore.Length > 0 && other.EqualsBefore.Length > 0 ? this with { FirstCount = FirstCount - (EqualsBefore[^1] - other.FirstCount) } : this;

    /// <summary>Clears the differences on one side.</summary>
    public void Clear(CutSide side, Stretch stretch, int source, Span<double> deltas)
    {
        var equals = EqualsBefore.Length == 0 ? 0 : EqualsBefore[stretch.Number];
        var magnitudes = stretch.Magnitudes(source);
        for (var i = 0; i < deltas.Length; i++)
        {
            var value = magnitudes[i];
            var isAbove = value > Threshold || value == Threshold && (equals++ < FirstCount) == (FirstEquals == CutSide.Above);
            if (isAbove == (side == CutSide.Above))
                deltas[i] = 0;
        }
    }
}
