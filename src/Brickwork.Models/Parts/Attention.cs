using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Cache.Eviction;
using Brickwork.Models.Running;

namespace Brickwork.Models.Parts;

/// <summary>Attention of each row over the rows of its own sequence that its mask lets it see.</summary>
/// <remarks>T rows, D width, H query heads, G key/value heads, K key width, U value width.</remarks>
sealed record Attention : IStateful
{
    public required IPart Query { get; init; }      // [T, D] -> [T, H*K]

    public required IPart Key { get; init; }        // [T, D] -> [T, G*K]

    public required IPart Value { get; init; }      // [T, D] -> [T, G*U]

    public required IPart Output { get; init; }     // [T, H*U] -> [T, D]

    /// <summary>Norm of the queries, of the whole row or of each head by the length of its gain; null = none.</summary>
    public IPart? QueryNorm { get; init; }

    public IPart? KeyNorm { get; init; }

    /// <summary>Norm of the values; null = none.</summary>
    public IPart? ValueNorm { get; init; }

    /// <summary>Rotation of queries and keys; null = the layer knows no positions.</summary>
    public RopeTable? Rope { get; init; }

    /// <summary>Whether queries and keys are rotated before their norms.</summary>
    public bool RotateBeforeNorm { get; init; }

    /// <summary>Scaling of queries by position; null = none.</summary>
    public AttentionTemperature? Temperature { get; init; }

    /// <summary>The key under which a <see cref="BorrowingAttention"/> of a later layer finds keys and values; null = they are not lent.</summary>
    public object? LendsAs { get; init; }

    public required AttentionOptions Options { get; init; }

    public bool HasGradient => Temperature is null && LendsAs is null;

    public IReadOnlyList<Slot> Slots =>
    [
        new("query", Query, part => this with { Query = part }),
        new("key", Key, part => this with { Key = part }),
        new("value", Value, part => this with { Value = part }),
        new("output", Output, part => this with { Output = part }),
        .. Slot.Optional("queryNorm", QueryNorm, part => this with { QueryNorm = part }),
        .. Slot.Optional("keyNorm", KeyNorm, part => this with { KeyNorm = part }),
        .. Slot.Optional("valueNorm", ValueNorm, part => this with { ValueNorm = part }),
    ];

    public bool LooksAhead => Options.Mask.Kind is MaskKind.Full or MaskKind.SymmetricWindow;

    public SequenceState CreateState(StateFactory factory) => factory.KeyValues(Options);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var (queries, keys, values) = Linear.Forward(Query, Key, Value, input, context);
        queries = Place(queries, QueryNorm, Options.Heads, context);
        keys = Place(keys, KeyNorm, Options.KvHeads, context);
        values = ValueNorm?.Forward(values, context) ?? values;
        Temperature?.Apply(queries, context.Rows.Positions.Span);
        if (LendsAs is not null)
            context.Lend(LendsAs, context.StateIndex(this));
        return Output.Forward(context.Rows.Lengths is { } lengths ? AttentionRun.Whole(Options, lengths, queries, keys, values, context)
            : AttentionRun.Run(this, Options, queries, keys, values, new HeadRotation(Rope), context), context);
    }

    /// <summary>Norm and rotation, in the family's order.</summary>
    Tensor Place(Tensor rows, IPart? norm, int heads, ForwardContext context)
    {
        if (RotateBeforeNorm)
            Rotate(rows, heads, context);
        rows = norm?.Forward(rows, context) ?? rows;
        if (!RotateBeforeNorm)
            Rotate(rows, heads, context);
        return rows;
    }

    void Rotate(Tensor rows, int heads, ForwardContext context)
    {
        if (Rope is not null)
            context.Rotate(rows, Rope, heads, Options.KeyWidth);
    }
}
