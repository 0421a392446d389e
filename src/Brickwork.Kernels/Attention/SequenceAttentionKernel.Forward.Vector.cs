using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

static partial class SequenceAttentionKernel
{
    static void Forward<T>(
        InstructionSet path, AttentionOptions options, int kvHead, in SequenceRows rows, Span<float> output, Span<float> logTotals)
        where T : struct, ILanes<T>
    {
        var sides = new ForwardSides<T>(options, kvHead, rows);
        for (var head = kvHead * options.Group; head < (kvHead + 1) * options.Group; head++)
            for (var first = 0; first < rows.Count; first += StripRows)
            {
                var strip = new SequenceStrip(options, head, first, Math.Min(StripRows, rows.Count - first), rows.Count);
                strip.Pack<T>(rows.Queries, options.Scale, sides.Queries, options.KeyWidth);
                sides.Sums.Clear(options.Sinks?[head]);
                for (var block = strip.FirstBlock; block < strip.EndBlock; block++)
                    AddBlock<T>(path, strip, block, sides);
                Finish(path, strip, sides.Sums, output, logTotals);
            }
    }

    static void AddBlock<T>(InstructionSet path, in SequenceStrip strip, int block, in ForwardSides<T> sides)
        where T : struct, ILanes<T>
    {
        var (keyWidth, valueWidth) = (sides.KeyWidth, sides.ValueWidth);
        var (low, high) = strip.Seen(block);
        Products<T>(path, sides.Queries, keyWidth, sides.TurnedKeys[(block * BlockKeys * keyWidth)..], sides.Scores,
            strip.PaddedRows, (low, high));
        // Two walks, so that the long chain of one row's largest score hides behind those of the next rows.
        for (var row = 0; row < strip.PaddedRows; row++)
            Mask<T>(strip, block, row, (low, high), sides.Scores.Slice(row * ScoreStride + low, high - low), sides.Sums);
        for (var row = 0; row < strip.PaddedRows; row++)
            Weigh<T>(row, sides.Scores.Slice(row * ScoreStride + low, high - low), sides.Sums);
        BlockProduct.Run<T>(path, new(sides.Scores[low..], ScoreStride, 1), sides.Values[((block * BlockKeys + low) * valueWidth)..],
            sides.Sums.Sums, (valueWidth, valueWidth), (strip.PaddedRows, valueWidth, high - low), adds: true);
    }

    /// <summary>Leaves only the scores of keys that the row sees, and finds the largest so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Mask<T>(in SequenceStrip strip, int block, int row, (int Low, int High) range, Span<float> scores, in RunningSums sums)
        where T : struct, ILanes<T>
    {
        var (low, high) = strip.Seen(row, block, range.Low, range.High);
        Bend<T>(strip, row, block * BlockKeys + range.Low, scores);
        if (low > 0)
            scores[..low].Fill(float.NegativeInfinity);
        if (high < scores.Length)
            scores[high..].Fill(float.NegativeInfinity);
        ref var score = ref MemoryMarshal.GetReference(scores);
        var most = T.Broadcast(sums.Largest[row]);
        for (var i = 0; i < scores.Length; i += T.Count)
            most = T.Max(most, T.Load(ref score, (nuint)i));
        sums.Raise(row, T.Largest(most));
    }

    /// <summary>Turns a row's scores into weights e^(score − largest) and brings its sums to the new largest score.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Weigh<T>(int row, Span<float> scores, in RunningSums sums) where T : struct, ILanes<T>
    {
        var largest = T.Broadcast(sums.Largest[row]);
        if (float.IsNegativeInfinity(sums.Largest[row]))
        {
            scores.Clear();
            return;
        }
        ref var score = ref MemoryMarshal.GetReference(scores);
        var total = T.Broadcast(0);
        for (var i = 0; i < scores.Length; i += T.Count)
        {
            var weight = LaneMath.Exp(T.Load(ref score, (nuint)i) - largest);
            total += weight;
            T.Store(weight, ref score, (nuint)i);
        }
        sums.Add<T>(row, T.Sum(total));
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
}
