using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

static partial class SequenceAttentionKernel
{
    /// <summary>Keys and values of a head as the products of the forward pass want them, and scratch for a strip of rows.</summary>
    readonly ref struct ForwardSides<T> where T : struct, ILanes<T>
    {
        public readonly int KeyWidth;
        public readonly int ValueWidth;
        public readonly Span<float> TurnedKeys;
        public readonly Span<float> Values;

        /// <summary>[rows, key width], times the scale.</summary>
        public readonly Span<float> Queries;

        /// <summary>[rows, stride] scores, then weights.</summary>
        public readonly Span<float> Scores;
        public readonly RunningSums Sums;

        public ForwardSides(AttentionOptions options, int kvHead, in SequenceRows rows)
        {
            (KeyWidth, ValueWidth) = (SequenceBlocks.Padded(options.KeyWidth), SequenceBlocks.Padded(options.ValueWidth));
            var length = Padded(rows.Count);
            var widest = Math.Max(KeyWidth, ValueWidth);
            var scratch = new SequenceBlocks.Scratch<ForwardMemory>(
                length * (KeyWidth + widest) + StripRows * (KeyWidth + ScoreStride + ValueWidth + 3));
            TurnedKeys = scratch.Take(length * KeyWidth);
            var either = scratch.Take(length * widest);
            SequenceBlocks.Pack<T>(rows.Keys, rows.Count, kvHead, options.KvHeads, 1, either[..(length * KeyWidth)], options.KeyWidth);
            Attention.TurnedKeys.Run(either[..(length * KeyWidth)], KeyWidth, TurnedKeys);
            Values = either[..(length * ValueWidth)];
            SequenceBlocks.Pack<T>(rows.Values, rows.Count, kvHead, options.KvHeads, 1, Values, options.ValueWidth);
            Queries = scratch.Take(StripRows * KeyWidth);
            Scores = scratch.Take(StripRows * ScoreStride);
            Sums = new RunningSums(
                scratch.Take(StripRows * ValueWidth), scratch.Take(StripRows), scratch.Take(StripRows), scratch.Take(StripRows));
        }
    }

    /// <summary>Keys and values of a head as the products of the backward pass want them, and the sums of their gradients.</summary>
    readonly ref struct KeySides<T> where T : struct, ILanes<T>
    {
        public readonly int KeyWidth;
        public readonly int ValueWidth;
        public readonly Span<float> Keys;
        public readonly Span<float> TurnedKeys;
        public readonly Span<float> TurnedValues;
        public readonly Span<float> KeyGradient;
        public readonly Span<float> ValueGradient;

        public KeySides(AttentionOptions options, int kvHead, in SequenceRows rows)
        {
            (KeyWidth, ValueWidth) = (SequenceBlocks.Padded(options.KeyWidth), SequenceBlocks.Padded(options.ValueWidth));
            var length = Padded(rows.Count);
            var scratch = new SequenceBlocks.Scratch<KeyMemory>(length * (3 * KeyWidth + 2 * ValueWidth));
            Keys = scratch.Take(length * KeyWidth);
            TurnedKeys = scratch.Take(length * KeyWidth);
            TurnedValues = scratch.Take(length * ValueWidth);
            KeyGradient = scratch.Take(length * KeyWidth);
            ValueGradient = scratch.Take(length * ValueWidth);
            SequenceBlocks.Pack<T>(rows.Values, rows.Count, kvHead, options.KvHeads, 1, ValueGradient, options.ValueWidth);
            Attention.TurnedKeys.Run(ValueGradient, ValueWidth, TurnedValues);
            SequenceBlocks.Pack<T>(rows.Keys, rows.Count, kvHead, options.KvHeads, 1, Keys, options.KeyWidth);
            Attention.TurnedKeys.Run(Keys, KeyWidth, TurnedKeys);
            KeyGradient.Clear();
            ValueGradient.Clear();
        }
    }

    /// <summary>What belongs to the rows of a strip, and scratch for a block of scores.</summary>
    readonly ref struct StripSides<T> where T : struct, ILanes<T>
    {
        readonly int _valueWidth;

        /// <summary>[rows, key width], times the scale.</summary>
        public readonly Span<float> Queries;
        public readonly Span<float> QueryGradient;

        /// <summary>[rows, value width] of the output.</summary>
        public readonly Span<float> Gradient;
        readonly Span<float> _output;

        /// <summary>[rows, stride] scores, then weights.</summary>
        public readonly Span<float> Weights;

        /// <summary>[rows, stride] the gradient of the weights, then that of the scores.</summary>
        public readonly Span<float> Slopes;

        /// <summary>[rows] L, the logarithm of the softmax's total.</summary>
        public readonly Span<float> LogTotals;

        /// <summary>[rows] D = rowsum(dO ⊙ O).</summary>
        public readonly Span<float> Along;

        public StripSides(int keyWidth, int valueWidth)
        {
            _valueWidth = valueWidth;
            var scratch = new SequenceBlocks.Scratch<StripMemory>(StripRows * 2 * (keyWidth + valueWidth + ScoreStride + 1));
            Queries = scratch.Take(StripRows * keyWidth);
            QueryGradient = scratch.Take(StripRows * keyWidth);
            Gradient = scratch.Take(StripRows * valueWidth);
            _output = scratch.Take(StripRows * valueWidth);
            Weights = scratch.Take(StripRows * ScoreStride);
            Slopes = scratch.Take(StripRows * ScoreStride);
            LogTotals = scratch.Take(StripRows);
            Along = scratch.Take(StripRows);
        }

        public void Load(in SequenceStrip strip, in SequenceRows rows, in SequenceResult result)
        {
            var options = strip.Options;
            strip.Pack<T>(rows.Queries, options.Scale, Queries, options.KeyWidth);
            strip.Pack<T>(result.Gradient, 1, Gradient, options.ValueWidth);
            strip.Pack<T>(result.Output, 1, _output, options.ValueWidth);
            QueryGradient.Clear();
            for (var row = 0; row < strip.Rows; row++)
            {
                LogTotals[row] = result.LogTotals[(strip.First + row) * options.Heads + strip.Head];
                var sum = T.Broadcast(0);
                ref var gradient = ref MemoryMarshal.GetReference(Gradient.Slice(row * _valueWidth, _valueWidth));
                ref var output = ref MemoryMarshal.GetReference(_output.Slice(row * _valueWidth, _valueWidth));
                for (var i = 0; i < _valueWidth; i += T.Count)
                    sum = T.MultiplyAdd(T.Load(ref gradient, (nuint)i), T.Load(ref output, (nuint)i), sum);
                Along[row] = T.Sum(sum);
            }
        }
    }

    static int Padded(int rows) =>
        (rows + Attention.TurnedKeys.PanelRows - 1) / Attention.TurnedKeys.PanelRows * Attention.TurnedKeys.PanelRows;

    readonly struct ForwardMemory;

    readonly struct KeyMemory;

    readonly struct StripMemory;
}
