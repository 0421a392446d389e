using Brickwork.Kernels.Attention;
using Brickwork.TestKit;
using Brickwork.Tensors.Operations;

namespace Brickwork.Tensors.Tests.Operations;

public sealed class SequenceAttentionTests
{
    static readonly AttentionOptions Plain = new() { Heads = 4, KvHeads = 2, KeyWidth = 24, ValueWidth = 32, Scale = 0.2f };

    static readonly AttentionOptions[] Forms =
    [
        Plain,
        Plain with { Mask = AttentionMask.SlidingWindow(37) },
        Plain with { Mask = AttentionMask.SymmetricWindow(50) },
        Plain with { Mask = AttentionMask.Chunked(48) },
        Plain with { Mask = AttentionMask.Full, KvHeads = 4, ValueWidth = 7 },
        Plain with { SoftCap = 1.5f, AlibiSlopes = AttentionOptions.AlibiSlopesFor(4) },
        Plain with { Sinks = [0.5f, 30, -2, 1], KvHeads = 1, KeyWidth = 64, ValueWidth = 64 },
    ];

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void Every_row_gets_what_attention_over_a_cache_gives_it(InstructionSet path)
    {
        using var compute = new Compute(2, path);
        foreach (var options in Forms)
            foreach (var length in new[] { 1, 2, 31, 64, 65, 300 })
            {
                var sequence = new Sequences(options, length);
                var (output, _) = sequence.Run(compute);
                output.AsSpan().ShouldBeClose(Expected(options, sequence), Tolerance.Within(4e-6, "exponentials of scores rounded to F32"), $"{options.Mask}, {length} rows");
            }
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void A_row_does_not_know_of_other_sequences_nor_of_threads(InstructionSet path)
    {
        using var alone = new Compute(1, path);
        using var together = new Compute(3, path);
        foreach (var options in Forms)
        {
            var (found, totals) = new Sequences(options, 5, 0, 270, 1, 40).Run(together);
            var start = 0;
            foreach (var length in new[] { 5, 270, 1, 40 })
            {
                var (expected, expectedTotals) = new Sequences(options, length).Move(start).Run(alone);
                Same(found.AsSpan(start * options.Heads * options.ValueWidth, expected.Length), expected);
                Same(totals.AsSpan(start * options.Heads, expectedTotals.Length), expectedTotals);
                start += length;
            }
        }
    }

    [Fact]
    public void Very_large_scores_neither_overflow_nor_lose_the_winner()
    {
        using var compute = new Compute(1);
        var sequence = new Sequences(Plain with { Scale = 1e4f }, 100);
        sequence.Run(compute).Output.ShouldAllBe(value => Math.Abs(value) <= 1);
    }

    [Fact]
    public void Lengths_that_do_not_add_up_to_the_rows_are_refused()
    {
        using var compute = new Compute(1);
        var rows = new Sequences(Plain, 5);
        Should.Throw<ArgumentException>(() => rows.Run(compute, [2, 2])).Message.ShouldContain("[4, 96]");
        Should.Throw<ArgumentException>(() => rows.Run(compute, [6, -1]));
    }

    static float[] Expected(AttentionOptions options, Sequences sequence)
    {
        var (queries, keys, values) = (sequence.Queries, sequence.Keys, sequence.Values);
        var output = new float[queries.Rows * options.Heads * options.ValueWidth];
        for (var head = 0; head < options.Heads; head++)
        {
            var headKeys = Head(keys, head / options.Group, options.KeyWidth);
            var headValues = Head(values, head / options.Group, options.ValueWidth);
            for (var row = 0; row < queries.Rows; row++)
                AttentionKernel.RunReference(
                    options, queries.Row(row).Slice(head * options.KeyWidth, options.KeyWidth),
                    new(0, head, row, options.Mask.Start(row), options.Mask.End(row, queries.Rows)), headKeys, headValues,
                    output.AsSpan((row * options.Heads + head) * options.ValueWidth, options.ValueWidth));
        }
        return output;
    }

    static void Same(ReadOnlySpan<float> found, ReadOnlySpan<float> expected) => found.ShouldBeClose(expected, Tolerance.Exact);

    static float[] Head(Tensor rows, int head, int width) =>
        [.. Enumerable.Range(0, rows.Rows).SelectMany(row => rows.Row(row).Slice(head * width, width).ToArray())];

    /// <summary>Random rows of a form; the row of an index is always the same.</summary>
    sealed class Sequences(AttentionOptions options, params int[] lengths)
    {
        int _first;

        public Tensor Queries => Rows(1, options.Heads * options.KeyWidth);

        public Tensor Keys => Rows(2, options.KvHeads * options.KeyWidth);

        public Tensor Values => Rows(3, options.KvHeads * options.ValueWidth);

        public Sequences Move(int first)
        {
            _first = first;
            return this;
        }

        public (float[] Output, float[] LogTotals) Run(Compute compute, int[]? cut = null)
        {
            var output = Rows(4, options.Heads * options.ValueWidth);
            var totals = Rows(5, options.Heads);
            SequenceAttention.Run(compute, options, cut ?? lengths, Queries, Keys, Values, output, totals);
            return (output.Floats.ToArray(), totals.Floats.ToArray());
        }

        Tensor Rows(int kind, int columns)
        {
            var tensor = Tensor.Zeros(lengths.Sum(), columns);
            for (var row = 0; row < tensor.Rows; row++)
            {
                var random = new Random(kind * 10_000 + _first + row);
                foreach (ref var value in tensor.Row(row))
                    value = (float)random.NextDouble() * 2 - 1;
            }
            return tensor;
        }
    }
}
