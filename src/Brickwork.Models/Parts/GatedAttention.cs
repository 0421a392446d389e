using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Cache.Eviction;
using Brickwork.Models.Running;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>Attention whose output passes a gate for each value, read from the same projection as the queries (Qiu et al. 2025).</summary>
/// <remarks>T rows, D width, H query heads, G key/value heads, K width of all of them.</remarks>
sealed record GatedAttention : IStateful
{
    /// <summary>[T, D] → [T, H*2*K]: of each head the query, then the gate.</summary>
    public required IPart QueryAndGate { get; init; }

    public required IPart Key { get; init; }            // [T, D] -> [T, G*K]

    public required IPart Value { get; init; }          // [T, D] -> [T, G*K]

    public required IPart Output { get; init; }         // [T, H*K] -> [T, D]

    public required IPart QueryNorm { get; init; }

    public required IPart KeyNorm { get; init; }

    public required RopeTable Rope { get; init; }

    public required AttentionOptions Options { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("queryAndGate", QueryAndGate, part => this with { QueryAndGate = part }),
        new("key", Key, part => this with { Key = part }),
        new("value", Value, part => this with { Value = part }),
        new("output", Output, part => this with { Output = part }),
        new("queryNorm", QueryNorm, part => this with { QueryNorm = part }),
        new("keyNorm", KeyNorm, part => this with { KeyNorm = part }),
    ];

    public SequenceState CreateState(StateFactory factory) => factory.KeyValues(Options);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var (joined, keys, values) = Linear.Forward(QueryAndGate, Key, Value, input, context);
        var queries = Turn(QueryNorm.Forward(Half(joined, 0, context), context), Options.Heads, context);
        keys = Turn(KeyNorm.Forward(keys, context), Options.KvHeads, context);
        var attended = AttentionRun.Run(this, Options, queries, keys, values, new HeadRotation(Rope), context);                 // [T, H*K]
        Activation.Run(context.Compute, ActivationKind.Sigmoid, Half(joined, Options.KeyWidth, context), attended, attended);
        return Output.Forward(attended, context);
    }

    /// <summary>K values of every head from <paramref name="first"/> on: [T, H*2*K] → [T, H*K].</summary>
    Tensor Half(Tensor joined, int first, ForwardContext context)
    {
        var width = Options.KeyWidth;
        var half = context.Take(joined.Rows, Options.Heads * width);
        for (var row = 0; row < half.Rows; row++)
            for (var head = 0; head < Options.Heads; head++)
                joined.Row(row).Slice(2 * head * width + first, width).CopyTo(half.Row(row)[(head * width)..]);
        return half;
    }

    Tensor Turn(Tensor rows, int heads, ForwardContext context)
    {
        Tensors.Operations.Rope.Run(context.Compute, rows, context.Rows.Positions, Rope, heads, Options.KeyWidth);
        return rows;
    }
}
