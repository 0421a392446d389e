using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

/// <summary>softmax(q · Kᵀ) · V over a whole sequence without a cache, and its gradient: FlashAttention, Dao et al. 2022.</summary>
/// <remarks>
/// One call serves one sequence and one key-value head with the query heads that share it: nobody else adds to the gradients of its keys
/// and values. Forward keeps one number per row and head, the logarithm of the softmax's total; backward computes the scores again.
/// N rows, H query heads, G key-value heads, K key width, U value width.
/// </remarks>
static partial class SequenceAttentionKernel
{
    /// <summary>Rows of queries that are worked on together.</summary>
    const int StripRows = 32;

    /// <summary>Keys that are worked on together: so many that the largest score of each row is seldom asked for.</summary>
    public const int BlockKeys = 256;

    // Rows of scores that lie an odd number of cache lines apart do not crowd each other out of the cache.
    const int ScoreStride = BlockKeys + 16;

    /// <summary>Output and logarithms of the totals of the heads that share a key-value head.</summary>
    /// <param name="path">Any path.</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="kvHead">Which key-value head.</param>
    /// <param name="rows">What is looked with and at.</param>
    /// <param name="output">[N, H*U]; the columns of other heads are left alone.</param>
    /// <param name="logTotals">[N, H]; likewise.</param>
    public static void Forward(
        InstructionSet path, AttentionOptions options, int kvHead, in SequenceRows rows, Span<float> output, Span<float> logTotals)
    {
        rows.Check(options);
        Check(output.Length, rows.Count * options.Heads * options.ValueWidth, nameof(output));
        Check(logTotals.Length, rows.Count * options.Heads, nameof(logTotals));
        switch (path)
        {
            case InstructionSet.Reference: ForwardReference(options, kvHead, rows, output, logTotals); break;
            case InstructionSet.Avx512: Forward<Lanes512>(path, options, kvHead, rows, output, logTotals); break;
            case InstructionSet.Avx2: Forward<Lanes256>(path, options, kvHead, rows, output, logTotals); break;
            default: Forward<Lanes128>(path, options, kvHead, rows, output, logTotals); break;
        }
    }

    /// <summary>Adds to the gradients of what a key-value head and its query heads look with and at.</summary>
    /// <param name="path">Any path.</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="kvHead">Which key-value head.</param>
    /// <param name="rows">What was looked with and at.</param>
    /// <param name="result">What came of it, and its gradient.</param>
    /// <param name="gradients">Added to; what is empty is not wanted.</param>
    public static void Backward(
        InstructionSet path, AttentionOptions options, int kvHead, in SequenceRows rows, in SequenceResult result,
        in SequenceGradients gradients)
    {
        rows.Check(options);
        result.Check(options, rows.Count);
        gradients.Check(rows);
        switch (path)
        {
            case InstructionSet.Reference: BackwardReference(options, kvHead, rows, result, gradients); break;
            case InstructionSet.Avx512: Backward<Lanes512>(path, options, kvHead, rows, result, gradients); break;
            case InstructionSet.Avx2: Backward<Lanes256>(path, options, kvHead, rows, result, gradients); break;
            default: Backward<Lanes128>(path, options, kvHead, rows, result, gradients); break;
        }
    }

    /// <summary>c[rows, low … high − 1] = a · turnedᵀ.</summary>
    static void Products<T>(
        InstructionSet path, ReadOnlySpan<float> a, int width, ReadOnlySpan<float> turned, Span<float> c, int rows,
        (int Low, int High) seen)
        where T : struct, ILanes<T>
    {
        for (var key = seen.Low; key < seen.High; key += TurnedKeys.PanelRows)
            BlockProduct.Run<T>(path, new(a, width, 1), turned[(key * width)..], c[key..], (TurnedKeys.PanelRows, ScoreStride),
                (rows, Math.Min(TurnedKeys.PanelRows, seen.High - key), width), adds: false);
    }

    static void Check(int found, int wanted, string name)
    {
        if (found != wanted)
            throw new ArgumentException($"The attention has {wanted} values of that kind; found {found}.", name);
    }

    /// <summary>Queries [N, H*K], keys [N, G*K] and values [N, G*U] of one sequence.</summary>
    public readonly ref struct SequenceRows(
        int count, ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        public readonly int Count = count;
        public readonly ReadOnlySpan<float> Queries = queries;
        public readonly ReadOnlySpan<float> Keys = keys;
        public readonly ReadOnlySpan<float> Values = values;

        public void Check(AttentionOptions options)
        {
            SequenceAttentionKernel.Check(Queries.Length, Count * options.Heads * options.KeyWidth, nameof(Queries));
            SequenceAttentionKernel.Check(Keys.Length, Count * options.KvHeads * options.KeyWidth, nameof(Keys));
            SequenceAttentionKernel.Check(Values.Length, Count * options.KvHeads * options.ValueWidth, nameof(Values));
        }
    }

    /// <summary>Output [N, H*U] and logarithms of totals [N, H] of a forward call, and the gradient of the output.</summary>
    public readonly ref struct SequenceResult(ReadOnlySpan<float> output, ReadOnlySpan<float> logTotals, ReadOnlySpan<float> gradient)
    {
        public readonly ReadOnlySpan<float> Output = output;
        public readonly ReadOnlySpan<float> LogTotals = logTotals;
        public readonly ReadOnlySpan<float> Gradient = gradient;

        public void Check(AttentionOptions options, int rows)
        {
            SequenceAttentionKernel.Check(Output.Length, rows * options.Heads * options.ValueWidth, nameof(Output));
            SequenceAttentionKernel.Check(LogTotals.Length, rows * options.Heads, nameof(LogTotals));
            SequenceAttentionKernel.Check(Gradient.Length, Output.Length, nameof(Gradient));
        }
    }

    /// <summary>Gradients as the rows they belong to lie; empty where not wanted.</summary>
    public readonly ref struct SequenceGradients(Span<float> queries, Span<float> keys, Span<float> values)
    {
        public readonly Span<float> Queries = queries;
        public readonly Span<float> Keys = keys;
        public readonly Span<float> Values = values;

        public void Check(in SequenceRows rows)
        {
            SequenceAttentionKernel.Check(Queries.Length, Queries.IsEmpty ? 0 : rows.Queries.Length, nameof(Queries));
            SequenceAttentionKernel.Check(Keys.Length, Keys.IsEmpty ? 0 : rows.Keys.Length, nameof(Keys));
            SequenceAttentionKernel.Check(Values.Length, Values.IsEmpty ? 0 : rows.Values.Length, nameof(Values));
        }
    }
}
