using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

static partial class SequenceAttentionKernel
{
    static void Forward<T, TWide>(
        InstructionSet path, AttentionOptions options, int kvHead, in SequenceRows rows, Span<float> output, Span<float> logTotals)
        where T : struct, ILanes<T>
        where TWide : struct, ILaneSums<TWide>
    {
        var sides = new ForwardSides(path, options, kvHead, rows);
        for (var head = kvHead * options.Group; head < (kvHead + 1) * options.Group; head++)
            for (var first = 0; first < rows.Count; first += StripRows)
            {
                var strip = new SequenceStrip(options, head, first, Math.Min(StripRows, rows.Count - first), rows.Count);
                SequenceBlocks.Pack(path, rows.Queries[strip.Offset(options.KeyWidth)..], options.Heads * options.KeyWidth, strip.Rows,
                    options.Scale, sides.Queries, options.KeyWidth);
                sides.Sums.Clear(options.Sinks?[head]);
                for (var block = strip.FirstBlock; block < strip.EndBlock; block++)
                    AddBlock<T, TWide>(strip, block, sides);
                Finish(path, strip, sides.Sums, output, logTotals);
            }
    }

    static void AddBlock<T, TWide>(in SequenceStrip strip, int block, in ForwardSides sides)
        where T : struct, ILanes<T>
        where TWide : struct, ILaneSums<TWide>
    {
        var (keyWidth, valueWidth) = (sides.KeyWidth, sides.ValueWidth);
        var (low, high) = strip.Seen(block);
        var scores = sides.Scores[low..];
        BlockProduct.Run<T, TWide>(new(sides.Queries, keyWidth, 1), sides.TurnedKeys[(block * BlockKeys * keyWidth + low)..], scores,
            (BlockKeys, BlockKeys), (strip.PaddedRows, high - low, keyWidth), adds: false);
        for (var row = 0; row < strip.PaddedRows; row++)
            Weigh<T>(strip, block, row, (low, high), scores.Slice(row * BlockKeys, high - low), sides.Sums);
        BlockProduct.Run<T, TWide>(new(scores, BlockKeys, 1), sides.Values[((block * BlockKeys + low) * valueWidth)..], sides.Sums.Sums,
            (valueWidth, valueWidth), (strip.PaddedRows, valueWidth, high - low), adds: true);
    }

    /// <summary>Turns a row's products into weights e^(score − largest) and brings its sums to the new largest score.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Weigh<T>(in SequenceStrip strip, int block, int row, (int Low, int High) range, Span<float> scores, in RunningSums sums)
        where T : struct, ILanes<T>
    {
        var (low, high) = strip.Seen(row, block, range.Low, range.High);
        if (low == high)
        {
            scores.Clear();
            return;
        }
        Bend<T>(strip, row, block * BlockKeys + range.Low, scores);
        scores[..low].Fill(float.NegativeInfinity);
        scores[high..].Fill(float.NegativeInfinity);
        ref var score = ref MemoryMarshal.GetReference(scores);
        var most = T.Broadcast(sums.Largest[row]);
        for (var i = 0; i < scores.Length; i += T.Count)
            most = T.Max(most, T.Load(ref score, (nuint)i));
        var largest = T.Largest(most);
        var total = T.Broadcast(0);
        for (var i = 0; i < scores.Length; i += T.Count)
        {
            var weight = LaneMath.Exp(T.Load(ref score, (nuint)i) - T.Broadcast(largest));
            total += weight;
            T.Store(weight, ref score, (nuint)i);
        }
        sums.Rescale<T>(row, largest, T.Sum(total));
    }

    /// <summary>The soft cap and the bias of distance, where the attention has them.</summary>
    static void Bend<T>(in SequenceStrip strip, int row, int first, Span<float> scores) where T : struct, ILanes<T>
    {
        var (cap, bias) = (strip.Options.SoftCap, strip.DistanceBias);
        if (cap == 0 && bias == 0)
            return;
        var distance = T.Ramp + T.Broadcast(first - strip.First - row);
        ref var score = ref MemoryMarshal.GetReference(scores);
        for (var i = 0; i < scores.Length; i += T.Count)
        {
            var value = T.Load(ref score, (nuint)i);
            if (cap != 0)
                value = LaneMath.Tanh(value / T.Broadcast(cap)) * T.Broadcast(cap);
            T.Store(value - T.Abs(distance + T.Broadcast(i)) * T.Broadcast(bias), ref score, (nuint)i);
        }
    }

    static void Finish(InstructionSet path, in SequenceStrip strip, in RunningSums sums, Span<float> output, Span<float> logTotals)
    {
        var (options, stride) = (strip.Options, sums.Sums.Length / StripRows);
        for (var row = 0; row < strip.Rows; row++)
        {
            var place = (strip.First + row) * options.Heads + strip.Head;
            logTotals[place] = sums.Largest[row] + MathF.Log(sums.Totals[row]);
            ElementwiseKernel.Scale(path, sums.Sums.Slice(row * stride, options.ValueWidth), 1 / sums.Totals[row],
                output.Slice(place * options.ValueWidth, options.ValueWidth));
        }
    }

    /// <summary>For each row of a strip the largest score m, the total l = Σ e^(s − m) and the sum o = Σ e^(s − m) · value.</summary>
    readonly ref struct RunningSums(Span<float> sums, Span<float> largest, Span<float> totals)
    {
        public readonly Span<float> Sums = sums;
        public readonly Span<float> Largest = largest;
        public readonly Span<float> Totals = totals;

        /// <summary>Nothing seen yet but the sink, a score without a value.</summary>
        public void Clear(float? sink)
        {
            Sums.Clear();
            Largest.Fill(sink ?? float.NegativeInfinity);
            Totals.Fill(sink is null ? 0 : 1);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Rescale<T>(int row, float largest, float total) where T : struct, ILanes<T>
        {
            var before = Largest[row];
            Largest[row] = largest;
            if (before == largest)
            {
                Totals[row] += total;
                return;
            }
            var keep = MathF.Exp(before - largest);
            Totals[row] = Totals[row] * keep + total;
            var stride = Sums.Length / StripRows;
            ref var sum = ref MemoryMarshal.GetReference(Sums.Slice(row * stride, stride));
            for (var i = 0; i < stride; i += T.Count)
                T.Store(T.Load(ref sum, (nuint)i) * T.Broadcast(keep), ref sum, (nuint)i);
        }
    }
}
