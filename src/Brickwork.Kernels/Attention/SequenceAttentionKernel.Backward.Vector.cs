using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

static partial class SequenceAttentionKernel
{
    static void Backward<T>(
        InstructionSet path, AttentionOptions options, int kvHead, in SequenceRows rows, in SequenceResult result,
        in SequenceGradients gradients)
        where T : struct, ILanes<T>
    {
        var sides = new KeySides<T>(options, kvHead, rows);
        var strips = new StripSides<T>(sides.KeyWidth, sides.ValueWidth);
        for (var head = kvHead * options.Group; head < (kvHead + 1) * options.Group; head++)
            for (var first = 0; first < rows.Count; first += StripRows)
            {
                var strip = new SequenceStrip(options, head, first, Math.Min(StripRows, rows.Count - first), rows.Count);
                strips.Load(strip, rows, result);
                for (var block = strip.FirstBlock; block < strip.EndBlock; block++)
                    AddBlock<T>(path, strip, block, sides, strips);
                if (!gradients.Queries.IsEmpty)
                    SequenceBlocks.Add<T>(strips.QueryGradient, strip.Rows, options.Scale,
                        gradients.Queries[(first * options.Heads * options.KeyWidth)..], head, options.Heads, options.KeyWidth);
            }
        if (!gradients.Keys.IsEmpty)
            SequenceBlocks.Add<T>(sides.KeyGradient, rows.Count, 1, gradients.Keys, kvHead, options.KvHeads, options.KeyWidth);
        if (!gradients.Values.IsEmpty)
            SequenceBlocks.Add<T>(sides.ValueGradient, rows.Count, 1, gradients.Values, kvHead, options.KvHeads, options.ValueWidth);
    }

    /// <summary>The five products of a block: scores, gradient of the weights, and what keys, values and queries get of it.</summary>
    static void AddBlock<T>(InstructionSet path, in SequenceStrip strip, int block, in KeySides<T> sides, in StripSides<T> strips)
        where T : struct, ILanes<T>
    {
        var (low, high) = strip.Seen(block);
        var (keyWidth, valueWidth, padded, seen) = (sides.KeyWidth, sides.ValueWidth, strip.PaddedRows, high - low);
        var weights = strips.Weights[low..];
        var slopes = strips.Slopes[low..];
        var first = block * BlockKeys;
        var (keyPlace, valuePlace) = ((first + low) * keyWidth, (first + low) * valueWidth);
        Products<T>(path, strips.Queries, keyWidth, sides.TurnedKeys[(first * keyWidth)..], strips.Weights, padded, (low, high));
        Products<T>(path, strips.Gradient, valueWidth, sides.TurnedValues[(first * valueWidth)..], strips.Slopes, padded, (low, high));
        for (var row = 0; row < padded; row++)
            Slope<T>(strip, block, row, (low, high), weights.Slice(row * ScoreStride, seen), slopes.Slice(row * ScoreStride, seen), strips);
        BlockProduct.Run<T>(path, new(weights, 1, ScoreStride), strips.Gradient, sides.ValueGradient[valuePlace..],
            (valueWidth, valueWidth), (seen, valueWidth, padded), adds: true);
        BlockProduct.Run<T>(path, new(slopes, 1, ScoreStride), strips.Queries, sides.KeyGradient[keyPlace..],
            (keyWidth, keyWidth), (seen, keyWidth, padded), adds: true);
        BlockProduct.Run<T>(path, new(slopes, ScoreStride, 1), sides.Keys[keyPlace..], strips.QueryGradient,
            (keyWidth, keyWidth), (padded, keyWidth, seen), adds: true);
    }

    /// <summary>Turns a row's products into weights P = e^(s − L), and dP into dS = P ⊙ (dP − D), by the slope of the cap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Slope<T>(
        in SequenceStrip strip, int block, int row, (int Low, int High) range, Span<float> weights, Span<float> slopes,
        in StripSides<T> strips)
        where T : struct, ILanes<T>
    {
        var (low, high) = strip.Seen(row, block, range.Low, range.High);
        if (low < high)
        {
            var (cap, bias) = (strip.Options.SoftCap, strip.DistanceBias);
            var (total, along, one) = (T.Broadcast(strips.LogTotals[row]), T.Broadcast(strips.Along[row]), T.Broadcast(1));
            var distance = T.Ramp + T.Broadcast(block * BlockKeys + range.Low - strip.First - row);
            ref var weight = ref MemoryMarshal.GetReference(weights);
            ref var slope = ref MemoryMarshal.GetReference(slopes);
            for (var i = 0; i < weights.Length; i += T.Count)
            {
                var (score, factor) = (T.Load(ref weight, (nuint)i), one);
                if (cap != 0)
                {
                    // d cap · tanh(x / cap) / dx = 1 − tanh².
                    var part = LaneMath.Tanh(score / T.Broadcast(cap));
                    (score, factor) = (part * T.Broadcast(cap), one - part * part);
                }
                if (bias != 0)
                    score -= T.Abs(distance + T.Broadcast(i)) * T.Broadcast(bias);
                var value = LaneMath.Exp(score - total);
                T.Store(value, ref weight, (nuint)i);
                T.Store(value * (T.Load(ref slope, (nuint)i) - along) * factor, ref slope, (nuint)i);
            }
        }
        // What a row does not see may be anything up to here.
        if (low > 0)
        {
            weights[..low].Clear();
            slopes[..low].Clear();
        }
        if (high < weights.Length)
        {
            weights[high..].Clear();
            slopes[high..].Clear();
        }
    }
}
