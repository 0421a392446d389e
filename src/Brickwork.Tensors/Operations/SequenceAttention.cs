using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Operations;

/// <summary>Attention over whole sequences without a cache, for training; memory grows with the length, not with its square.</summary>
/// <remarks>T rows of one or more sequences, H query heads, G key-value heads, K key width, U value width.</remarks>
static partial class SequenceAttention
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="options">The form of the attention.</param>
    /// <param name="lengths">Rows of each sequence, one behind the other; T in all.</param>
    /// <param name="queries">[T, H*K].</param>
    /// <param name="keys">[T, G*K].</param>
    /// <param name="values">[T, G*U].</param>
    /// <param name="output">[T, H*U], memory of its own.</param>
    /// <param name="logTotals">[T, H] the logarithm of each softmax's total, which the gradient needs.</param>
    public static void Run(
        Compute compute, AttentionOptions options, int[] lengths, in Tensor queries, in Tensor keys, in Tensor values, in Tensor output,
        in Tensor logTotals)
    {
        var rows = new Rows(options, lengths, queries, keys, values);
        Require(output, queries.Rows, options.Heads * options.ValueWidth, nameof(output));
        Require(logTotals, queries.Rows, options.Heads, nameof(logTotals));
        compute.Team.Run(lengths.Length * options.KvHeads, new Work(compute.InstructionSet, rows, output, logTotals));
    }

    static void Require(in Tensor tensor, int rows, int columns, string name)
    {
        if (tensor.Rows != rows || tensor.Columns != columns)
            throw new ArgumentException($"The attention wants [{rows}, {columns}]; found {tensor}.", name);
    }

    /// <summary>What the sequences look with and at.</summary>
    readonly struct Rows
    {
        readonly Tensor _queries;
        readonly Tensor _keys;
        readonly Tensor _values;
        readonly int[] _starts;

        public Rows(AttentionOptions options, int[] lengths, in Tensor queries, in Tensor keys, in Tensor values)
        {
            options.Validate();
            Options = options;
            (_queries, _keys, _values) = (queries, keys, values);
            _starts = new int[lengths.Length + 1];
            for (var i = 0; i < lengths.Length; i++)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(lengths[i], nameof(lengths));
                _starts[i + 1] = checked(_starts[i] + lengths[i]);
            }
            Require(queries, _starts[^1], options.Heads * options.KeyWidth, nameof(queries));
            Require(keys, _starts[^1], options.KvHeads * options.KeyWidth, nameof(keys));
            Require(values, _starts[^1], options.KvHeads * options.ValueWidth, nameof(values));
        }

        public AttentionOptions Options { get; }

        /// <summary>The sequence and the key-value head of a piece of work.</summary>
        public (int Sequence, int KvHead) Piece(int chunk) => (chunk / Options.KvHeads, chunk % Options.KvHeads);

        public SequenceAttentionKernel.SequenceRows Of(int sequence) => new(
            _starts[sequence + 1] - _starts[sequence], Slice(_queries, sequence), Slice(_keys, sequence), Slice(_values, sequence));

        /// <summary>The rows of a sequence; none of what is not there.</summary>
        public Span<float> Slice(Tensor? tensor, int sequence) => tensor is { } given
            ? given.Floats[(_starts[sequence] * given.Columns)..(_starts[sequence + 1] * given.Columns)]
            : default;
    }

    readonly struct Work(InstructionSet path, Rows rows, Tensor output, Tensor logTotals) : IParallelJob
    {
        public void Run(int chunk)
        {
            var (sequence, kvHead) = rows.Piece(chunk);
            SequenceAttentionKernel.Forward(
                path, rows.Options, kvHead, rows.Of(sequence), rows.Slice(output, sequence), rows.Slice(logTotals, sequence));
        }
    }
}
