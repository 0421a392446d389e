using Brickwork.Kernels.Elementwise;
using Brickwork.Kernels.MatMul;
using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Operations;

/// <summary>A low-rank change of some rows: y += s·B(A·x).</summary>
/// <param name="Output">y, [T, out].</param>
/// <param name="First">The first row.</param>
/// <param name="Down">A, [r, in], in any storage type.</param>
/// <param name="Up">B, [out, r], in any storage type.</param>
/// <param name="Factor">s.</param>
/// <param name="Low">Memory for s·A·x, [rows, r].</param>
readonly record struct LowRankTerm(Tensor Output, int First, Tensor Down, Tensor Up, float Factor, Tensor Low);

/// <summary>Adds low-rank changes to rows, each row under terms of its own: all of them in two steps, whatever their number and their ranks, and however many outputs the rows have.</summary>
/// <remarks>
/// The products are those of <see cref="MatMul"/>, bit for bit, and a row takes its terms in order: it says the same alone and among others.
/// Segmented gather products (SGMV) of Punica and S-LoRA are this for rows of a batch.
/// </remarks>
static class LowRankSums
{
    /// <summary>More rows of a term are better served by <see cref="MatMul"/>.</summary>
    public const int MostRows = 5;

    // Ranks of a chunk of the first step, and outputs of one of the second.
    const int Ranks = 8;
    const int Outputs = 16 * DotPanel.MostRows;

    /// <summary>y[t] += Σ s·B(A·x[t]) over the terms of row t of an output.</summary>
    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="x">[T, in], the same for all outputs.</param>
    /// <param name="terms">Each of at most <see cref="MostRows"/> rows; those of an output are neighbours.</param>
    public static void Run(Compute compute, Tensor x, List<LowRankTerm> terms)
    {
        if (terms.Count == 0)
            return;
        var (panels, chunks) = (0, 0);
        foreach (var term in terms)
            panels += Panels(term);
        for (var first = 0; first < terms.Count; first = EndOf(terms, first))
            chunks += Chunks(terms[first].Output);
        compute.Team.Run(panels, new DownJob(compute.InstructionSet, x, terms));
        compute.Team.Run(chunks, new UpJob(compute.InstructionSet, terms));
    }

    static int Panels(in LowRankTerm term) => (term.Down.Rows + Ranks - 1) / Ranks;

    static int Chunks(in Tensor output) => (output.Columns + Outputs - 1) / Outputs;

    /// <summary>Behind the last term of the output that a term changes.</summary>
    static int EndOf(List<LowRankTerm> terms, int first)
    {
        var end = first + 1;
        while (end < terms.Count && terms[end].Output.IsSameAs(terms[first].Output))
            end++;
        return end;
    }

    readonly struct DownJob(InstructionSet path, Tensor x, List<LowRankTerm> terms) : IParallelJob
    {
        public void Run(int chunk)
        {
            var index = 0;
            for (; chunk >= Panels(terms[index]); index++)
                chunk -= Panels(terms[index]);
            var (_, first, down, _, factor, low) = terms[index];
            var rank = chunk * Ranks;
            var count = Math.Min(Ranks, down.Rows - rank);
            DotPanel.Run(path, down.Type, down.RowSpan(rank, count), x.SliceRows(first, low.Rows).Floats, x.Columns, low.Floats[rank..], down.Rows);
            if (factor != 1)
                for (var row = 0; row < low.Rows; row++)
                {
                    var values = low.Row(row).Slice(rank, count);
                    ElementwiseKernel.Scale(path, values, factor, values);
                }
        }
    }

    readonly struct UpJob(InstructionSet path, List<LowRankTerm> terms) : IParallelJob
    {
        public void Run(int chunk)
        {
            var index = 0;
            for (; chunk >= Chunks(terms[index].Output); index = EndOf(terms, index))
                chunk -= Chunks(terms[index].Output);
            var column = chunk * Outputs;
            var count = Math.Min(Outputs, terms[index].Output.Columns - column);
            Span<float> change = stackalloc float[MostRows * Outputs];
            for (var end = EndOf(terms, index); index < end; index++)
            {
                var (y, first, _, up, _, low) = terms[index];
                for (var panel = 0; panel < count; panel += DotPanel.MostRows)
                    DotPanel.Run(path, up.Type, up.RowSpan(column + panel, Math.Min(DotPanel.MostRows, count - panel)), low.Floats, up.Columns, change[panel..], Outputs);
                for (var row = 0; row < low.Rows; row++)
                {
                    var values = y.Row(first + row).Slice(column, count);
                    ElementwiseKernel.Add(path, values, change.Slice(row * Outputs, count), values);
                }
            }
        }
    }
}
