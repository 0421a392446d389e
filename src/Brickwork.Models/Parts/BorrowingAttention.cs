using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Cache.Eviction;

namespace Brickwork.Models.Parts;

/// <summary>Attention that makes queries only and looks at the keys and values of an earlier layer (Brandon et al. 2024).</summary>
/// <remarks>T rows, D width, H query heads, K key width, U value width.</remarks>
sealed record BorrowingAttention : IPart
{
    public required IPart Query { get; init; }      // [T, D] -> [T, H*K]

    public required IPart Output { get; init; }     // [T, H*U] -> [T, D]

    public required IPart QueryNorm { get; init; }

    public required RopeTable Rope { get; init; }

    /// <summary>What the earlier layer's attention <see cref="Attention.LendsAs"/>.</summary>
    public required object BorrowsFrom { get; init; }

    public required AttentionOptions Options { get; init; }

    public IReadOnlyList<Slot> Slots =>
    [
        new("query", Query, part => this with { Query = part }),
        new("output", Output, part => this with { Output = part }),
        new("queryNorm", QueryNorm, part => this with { QueryNorm = part }),
    ];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var queries = QueryNorm.Forward(Query.Forward(input, context), context);
        Tensors.Operations.Rope.Run(context.Compute, queries, context.Rows.Positions, Rope, Options.Heads, Options.KeyWidth);
        return Output.Forward(AttentionRun.Attend(context.Lent(BorrowsFrom), Options, queries, new HeadRotation(Rope), context), context);
    }
}
