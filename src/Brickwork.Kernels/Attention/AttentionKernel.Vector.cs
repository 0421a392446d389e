using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

static partial class AttentionKernel
{
    const int Positions = KeyValuePage.Positions;

    /// <summary>Rows are worked on by fours, which share each load of keys and values.</summary>
    const int TileRows = 4;

    /// <summary>One body for all widths; tiles, which have only sums to keep, may use wider lanes than single rows.</summary>
    static void AddPage<T, TWide>(
        AttentionOptions options, ReadOnlySpan<float> queries, ReadOnlySpan<AttentionRow> rows, int first,
        ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> scores, in PartialAttention sums,
        nint ahead)
        where T : struct, ILanes<T>
        where TWide : struct, ILaneSums<TWide>
    {
        for (var row = 0; row < rows.Length; row += TileRows)
        {
            var count = Math.Min(TileRows, rows.Length - row);
            var tile = rows.Slice(row, count);
            if (!Sees(tile, first))
                continue;
            var tileScores = scores.Slice(row * Positions, count * Positions);
            if (count == 1)
                ScoreRow<T>(queries.Slice(tile[0].Offset, options.KeyWidth), keys, tileScores, ahead);
            else
                ScoreTile<TWide>(queries, tile, options.KeyWidth, keys, tileScores, ahead);
            for (var i = 0; i < count; i++)
                Weigh<T>(options, tile[i], first, tileScores.Slice(i * Positions, Positions), row + i, sums);
            var stride = sums.Sums.Length / rows.Length;
            AddValues<T, TWide>(tile, first, tileScores, values, sums.Sums.Slice(row * stride, count * stride), ahead);
            // Called once is enough for all rows.
            ahead = 0;
        }
    }

    static bool Sees(ReadOnlySpan<AttentionRow> tile, int first)
    {
        foreach (var row in tile)
            if (row.Start < first + Positions && row.End > first)
                return true;
        return false;
    }

    /// <summary>Turns a row's products into weights e^(score − largest) and brings its sums to the new largest score.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Weigh<T>(
        AttentionOptions options, AttentionRow row, int first, Span<float> scores, int index, in PartialAttention sums)
        where T : struct, ILanes<T>
    {
        var (low, high) = (T.Broadcast(row.Start - first), T.Broadcast(row.End - first));
        if (row.Start >= first + Positions || row.End <= first)
            return;
        var slope = options.AlibiSlopes is { } slopes ? slopes[row.Head] : 0;
        ref var score = ref MemoryMarshal.GetReference(scores);
        var excluded = T.Broadcast(float.NegativeInfinity);
        var most = excluded;
        for (var i = 0; i < Positions; i += T.Count)
        {
            var value = Scaled(options, T.Load(ref score, (nuint)i));
            var place = T.Ramp + T.Broadcast(i);
            if (slope != 0)
                value -= T.Abs(place - T.Broadcast(row.Position - first)) * T.Broadcast(slope);
            value = T.SelectLess(place, low, excluded, T.SelectLess(place, high, value, excluded));
            most = T.Max(most, value);
            T.Store(value, ref score, (nuint)i);
        }
        var largest = MathF.Max(sums.Largest[index], T.Largest(most));
        var total = T.Broadcast(0);
        for (var i = 0; i < Positions; i += T.Count)
        {
            var weight = LaneMath.Exp(T.Load(ref score, (nuint)i) - T.Broadcast(largest));
            var place = T.Ramp + T.Broadcast(i);
            weight = T.SelectLess(place, low, T.Broadcast(0), T.SelectLess(place, high, weight, T.Broadcast(0)));
            total += weight;
            T.Store(weight, ref score, (nuint)i);
        }
        Rescale<T>(largest, T.Sum(total), index, sums);
    }

    static void Rescale<T>(float largest, float total, int index, in PartialAttention sums) where T : struct, ILanes<T>
    {
        var before = sums.Largest[index];
        if (before == largest)
        {
            sums.Totals[index] += total;
            return;
        }
        var keep = sums.Totals[index] == 0 ? 0 : MathF.Exp(before - largest);
        var stride = sums.Sums.Length / sums.Largest.Length;
        ref var sum = ref MemoryMarshal.GetReference(sums.Sums.Slice(index * stride, stride));
        for (var i = 0; i < stride; i += T.Count)
            T.Store(T.Load(ref sum, (nuint)i) * T.Broadcast(keep), ref sum, (nuint)i);
        sums.Totals[index] = sums.Totals[index] * keep + total;
        sums.Largest[index] = largest;
    }
}
