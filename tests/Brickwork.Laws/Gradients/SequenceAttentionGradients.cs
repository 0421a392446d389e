using Brickwork.Kernels.Attention;
using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class SequenceAttentionGradients
{
    static readonly AttentionOptions Plain = new() { Heads = 2, KvHeads = 2, KeyWidth = 5, ValueWidth = 5, Scale = 0.4f };

    public static IEnumerable<GradientCase> Cases =>
    [
        Of("causal", Plain, 7, 1, 9),
        Of("in groups", Plain with { Heads = 4, KeyWidth = 16, ValueWidth = 16, Scale = 0.25f }, 11, 3),
        Of("of values wider than keys", Plain with { KvHeads = 1, KeyWidth = 3, ValueWidth = 18 }, 12),
        Of("in a sliding window", Plain with { Mask = AttentionMask.SlidingWindow(4) }, 13, 2),
        Of("in a symmetric window", Plain with { Mask = AttentionMask.SymmetricWindow(6) }, 13, 5),
        Of("in stretches", Plain with { Mask = AttentionMask.Chunked(5) }, 13, 4),
        Of("that sees all", Plain with { Mask = AttentionMask.Full }, 9, 1, 6),
        Of("with a soft cap", Plain with { SoftCap = 0.7f }, 12),
        Of("with slopes", Plain with { AlibiSlopes = [0.5f, 0.06f] }, 12, 1),
        Of("with a cap and slopes", Plain with { SoftCap = 0.9f, AlibiSlopes = [0.5f, 0.06f] }, 12),
        Of("with sinks", Plain with { Sinks = [0.3f, -1.5f] }, 12, 1),
        Of("over blocks", Plain with { Heads = 4, KeyWidth = 32, ValueWidth = 48, Scale = 0.17f }, 290, 64, 1),
        Of("over blocks in a window", Plain with { KeyWidth = 20, ValueWidth = 32, Mask = AttentionMask.SlidingWindow(70) }, 350, 65),
        Of("over blocks to both sides", Plain with { KeyWidth = 32, ValueWidth = 32, Mask = AttentionMask.SymmetricWindow(90) }, 290),
        Of("over blocks that sees all", Plain with { KvHeads = 1, KeyWidth = 64, ValueWidth = 64, Scale = 0.125f, Mask = AttentionMask.Full }, 270, 30),
    ];

    static GradientCase Of(string name, AttentionOptions options, params int[] lengths)
    {
        var rows = lengths.Sum();
        return new()
        {
            Name = $"Attention {name}",
            Operation = typeof(SequenceAttention),
            Inputs = [[rows, options.Heads * options.KeyWidth], [rows, options.KvHeads * options.KeyWidth], [rows, options.KvHeads * options.ValueWidth]],
            Output = [rows, options.Heads * options.ValueWidth],
            Formula = inputs => Forward(options, lengths, inputs),
            Backward = (compute, inputs, dy, gradients) =>
            {
                var (output, logTotals) = (Tensor.Zeros(dy.Rows, dy.Columns), Tensor.Zeros(dy.Rows, options.Heads));
                SequenceAttention.Run(compute, options, lengths, inputs[0], inputs[1], inputs[2], output, logTotals);
                SequenceAttention.Backward(
                    compute, options, lengths, (inputs[0], inputs[1], inputs[2]), output, logTotals, dy, (gradients[0], gradients[1], gradients[2]));
            },
        };
    }

    static double[] Forward(AttentionOptions options, int[] lengths, double[][] inputs)
    {
        var output = new double[lengths.Sum() * options.Heads * options.ValueWidth];
        var first = 0;
        foreach (var length in lengths)
        {
            for (var row = 0; row < length; row++)
                for (var head = 0; head < options.Heads; head++)
                    Attend(options, inputs, first, length, row, head, output.AsSpan(((first + row) * options.Heads + head) * options.ValueWidth, options.ValueWidth));
            first += length;
        }
        return output;
    }

    static void Attend(AttentionOptions options, double[][] inputs, int first, int length, int row, int head, Span<double> output)
    {
        var kvHead = head / (options.Heads / options.KvHeads);
        var (start, end) = (options.Mask.Start(row), options.Mask.End(row, length));
        var query = inputs[0].AsSpan(((first + row) * options.Heads + head) * options.KeyWidth, options.KeyWidth);
        var total = options.Sinks is { } sinks ? Math.Exp(sinks[head]) : 0;
        for (var position = start; position < end; position++)
        {
            var place = (first + position) * options.KvHeads + kvHead;
            var key = inputs[1].AsSpan(place * options.KeyWidth, options.KeyWidth);
            var value = inputs[2].AsSpan(place * options.ValueWidth, options.ValueWidth);
            var score = 0.0;
            for (var i = 0; i < key.Length; i++)
                score += query[i] * key[i] * options.Scale;
            if (options.SoftCap != 0)
                score = options.SoftCap * Math.Tanh(score / options.SoftCap);
            var weight = Math.Exp(score - (options.AlibiSlopes?[head] ?? 0) * Math.Abs(row - position));
            total += weight;
            for (var i = 0; i < value.Length; i++)
                output[i] += weight * value[i];
        }
        foreach (ref var value in output)
            value /= total;
    }
}
