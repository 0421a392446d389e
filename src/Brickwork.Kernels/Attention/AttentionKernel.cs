using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

/// <summary>softmax(q · Kᵀ) · V over the pages of a cache.</summary>
/// <remarks>
/// Every score is a sum over the key's values in ascending order, every output a sum over the positions in ascending order, each in one
/// chain of fused multiply-adds. Neither depends on how many rows are worked on together.
/// </remarks>
static partial class AttentionKernel
{
    /// <summary>Positions summed up before they are joined; always the same cut, so that threads may share a long context.</summary>
    public const int ContextBlock = 8 * KeyValuePage.Positions;

    /// <summary>Adds the page of positions <paramref name="first"/> … first + 63 to the sums of some rows.</summary>
    /// <param name="path">A path other than the reference.</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="queries">Where the rows' offsets point into.</param>
    /// <param name="rows">[R].</param>
    /// <param name="first">A multiple of 64.</param>
    /// <param name="keys">[Kw, 64].</param>
    /// <param name="values">[64, stride].</param>
    /// <param name="scores">[R, 64] scratch.</param>
    /// <param name="sums">For R rows.</param>
    /// <param name="ahead">From keys and values to those of the next page, in bytes; see <see cref="NextPage"/>.</param>
    public static void AddPage(
        InstructionSet path, AttentionOptions options, ReadOnlySpan<float> queries, ReadOnlySpan<AttentionRow> rows, int first,
        ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> scores, in PartialAttention sums,
        nint ahead)
    {
        if (path == InstructionSet.Avx512)
            AddPage<Lanes512, Lanes1024>(options, queries, rows, first, keys, values, scores, sums, ahead);
        else if (path == InstructionSet.Avx2)
            AddPage<Lanes256, Lanes256>(options, queries, rows, first, keys, values, scores, sums, ahead);
        else
            AddPage<Lanes128, Lanes128>(options, queries, rows, first, keys, values, scores, sums, ahead);
    }

    /// <summary>The scores of some rows with the keys of a page, whether they see them or not; positions play no part.</summary>
    /// <param name="path">Any path.</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="queries">Where the rows' offsets point into.</param>
    /// <param name="rows">[R].</param>
    /// <param name="keys">[Kw, 64].</param>
    /// <param name="scores">[R, 64].</param>
    public static void Scores(
        InstructionSet path, AttentionOptions options, ReadOnlySpan<float> queries, ReadOnlySpan<AttentionRow> rows, ReadOnlySpan<float> keys,
        Span<float> scores)
    {
        if (path == InstructionSet.Avx512)
            Scores<Lanes512>(options, queries, rows, keys, scores);
        else if (path == InstructionSet.Avx2)
            Scores<Lanes256>(options, queries, rows, keys, scores);
        else
            Scores<Lanes128>(options, queries, rows, keys, scores);
    }
}
