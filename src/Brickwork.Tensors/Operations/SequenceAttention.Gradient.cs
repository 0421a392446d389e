using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class SequenceAttention
{
    /// <summary>Adds to the gradients of queries, keys and values.</summary>
    /// <remarks>The scores are computed again, block by block: algorithm 4 of Dao et al. 2022, FlashAttention.</remarks>
    /// <param name="compute">Threads and path.</param>
    /// <param name="options">The form of the attention; its slopes and sinks are constants.</param>
    /// <param name="lengths">Rows of each sequence.</param>
    /// <param name="inputs">What <see cref="Run"/> was given.</param>
    /// <param name="output">[T, H*U] what it gave.</param>
    /// <param name="logTotals">[T, H] likewise.</param>
    /// <param name="gradient">[T, H*U] of the output.</param>
    /// <param name="wanted">Added to; shapes of the inputs; null = not wanted.</param>
    public static void Backward(
        Compute compute, AttentionOptions options, int[] lengths, (Tensor Queries, Tensor Keys, Tensor Values) inputs, in Tensor output,
        in Tensor logTotals, in Tensor gradient, (Tensor? Queries, Tensor? Keys, Tensor? Values) wanted)
    {
        var rows = new Rows(options, lengths, inputs.Queries, inputs.Keys, inputs.Values);
        Require(output, inputs.Queries.Rows, options.Heads * options.ValueWidth, nameof(output));
        Require(logTotals, inputs.Queries.Rows, options.Heads, nameof(logTotals));
        RowWork.RequireSameShape(output, gradient);
        RowWork.RequireSameShape(inputs.Queries, wanted.Queries ?? inputs.Queries);
        RowWork.RequireSameShape(inputs.Keys, wanted.Keys ?? inputs.Keys);
        RowWork.RequireSameShape(inputs.Values, wanted.Values ?? inputs.Values);
        compute.Team.Run(lengths.Length * options.KvHeads,
            new GradientWork(compute.InstructionSet, rows, output, logTotals, gradient, wanted));
    }

    /// <summary>Notes what <see cref="Run"/> computed, where the gradient of an input is wanted.</summary>
    /// <param name="tape">Where to.</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="lengths">Rows of each sequence; not changed any more.</param>
    /// <param name="queries">[T, H*K]; like the rest, kept until the pass is forgotten.</param>
    /// <param name="keys">[T, G*K].</param>
    /// <param name="values">[T, G*U].</param>
    /// <param name="output">[T, H*U].</param>
    /// <param name="logTotals">[T, H].</param>
    public static void Record(
        Tape tape, AttentionOptions options, int[] lengths, in Tensor queries, in Tensor keys, in Tensor values, in Tensor output,
        in Tensor logTotals)
    {
        if (tape.Wants(queries) || tape.Wants(keys) || tape.Wants(values))
            tape.Record(output, new Step(options, lengths, (queries, keys, values), output, logTotals));
    }

    sealed class Step(
        AttentionOptions options, int[] lengths, (Tensor Queries, Tensor Keys, Tensor Values) inputs, Tensor output, Tensor logTotals)
        : IGradient
    {
        public void Backward(Tape tape) => SequenceAttention.Backward(
            tape.Compute, options, lengths, inputs, output, logTotals, tape.Gradient(output),
            (tape.TryGradient(inputs.Queries), tape.TryGradient(inputs.Keys), tape.TryGradient(inputs.Values)));
    }

    readonly struct GradientWork(
        InstructionSet path, Rows rows, Tensor output, Tensor logTotals, Tensor gradient,
        (Tensor? Queries, Tensor? Keys, Tensor? Values) wanted) : IParallelJob
    {
        public void Run(int chunk)
        {
            var (sequence, kvHead) = rows.Piece(chunk);
            SequenceAttentionKernel.Backward(path, rows.Options, kvHead, rows.Of(sequence),
                new(rows.Slice(output, sequence), rows.Slice(logTotals, sequence), rows.Slice(gradient, sequence)),
                new(rows.Slice(wanted.Queries, sequence), rows.Slice(wanted.Keys, sequence), rows.Slice(wanted.Values, sequence)));
        }
    }
}
