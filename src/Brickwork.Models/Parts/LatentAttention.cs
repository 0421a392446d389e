using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Cache.Eviction;
using Brickwork.Models.Running;

namespace Brickwork.Models.Parts;

/// <summary>Multi-head latent attention: all heads share one small row of keys that are also the values (DeepSeek-V2, section 2.1).</summary>
/// <remarks>
/// T rows, D width, H heads, N head values that do not turn, R head values that turn, L latent width, U value width of a head. The matrices that
/// would widen latent rows to keys and values are applied to the queries and to the result instead ("absorbed"), so only [T, L + R] is cached.
/// </remarks>
sealed record LatentAttention : IStateful
{
    /// <summary>[T, D] → [T, H*(N+R)].</summary>
    public required IPart Query { get; init; }

    /// <summary>[T, D] → [T, L+R].</summary>
    public required IPart Latent { get; init; }

    /// <summary>Norm of the L latent values.</summary>
    public required IPart LatentNorm { get; init; }

    /// <summary>[T, H*N] → [T, H*L].</summary>
    public required IPart AbsorbedKey { get; init; }

    /// <summary>[T, H*L] → [T, H*U].</summary>
    public required IPart AbsorbedValue { get; init; }

    /// <summary>[T, H*U] → [T, D].</summary>
    public required IPart Output { get; init; }

    public required RopeTable Rope { get; init; }

    /// <summary>H query heads over one key head of L+R and one value head of L.</summary>
    public required AttentionOptions Options { get; init; }

    public bool HasGradient => true;

    int LatentWidth => Options.ValueWidth;

    public IReadOnlyList<Slot> Slots =>
    [
        new("query", Query, part => this with { Query = part }),
        new("latent", Latent, part => this with { Latent = part }),
        new("latentNorm", LatentNorm, part => this with { LatentNorm = part }),
        new("absorbedKey", AbsorbedKey, part => this with { AbsorbedKey = part }),
        new("absorbedValue", AbsorbedValue, part => this with { AbsorbedValue = part }),
        new("output", Output, part => this with { Output = part }),
    ];

    public SequenceState CreateState(StateFactory factory) => factory.KeyValues(Options);

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        Tensor queries, latent;
        using (context.Share(input))
        {
            queries = Query.Forward(input, context);                                    // [T, H*(N+R)]
            latent = Latent.Forward(input, context);                                    // [T, L+R]
        }
        var values = LatentNorm.Forward(context.ChooseColumns(latent, 0, LatentWidth), context);
        var keys = context.Take(latent.Rows, latent.Columns);
        context.CopyColumns(values, 0, LatentWidth, keys, 0);
        context.CopyColumns(latent, LatentWidth, Rope.Width, keys, LatentWidth);
        context.Rotate(keys, Rope, 1, keys.Columns, LatentWidth);                       // [T, L+R]
        queries = Absorb(queries, context);
        var attended = context.Rows.Lengths is { } lengths ? AttentionRun.Whole(Options, lengths, queries, keys, values, context)
            : AttentionRun.Run(this, Options, queries, keys, values, new HeadRotation(Rope, LatentWidth), context);      // [T, H*L]
        return Output.Forward(AbsorbedValue.Forward(attended, context), context);
    }

    /// <summary>Queries in the latent space: [T, H*(N+R)] → [T, H*(L+R)].</summary>
    Tensor Absorb(Tensor queries, ForwardContext context)
    {
        var (heads, width) = (Options.Heads, queries.Columns / Options.Heads);
        var still = width - Rope.Width;
        context.Rotate(queries, Rope, heads, width, still);
        var plain = context.Take(queries.Rows, heads * still);                          // [T, H*N]
        for (var head = 0; head < heads; head++)
            context.CopyColumns(queries, head * width, still, plain, head * still);
        var latent = AbsorbedKey.Forward(plain, context);                               // [T, H*L]
        var joined = context.Take(queries.Rows, heads * Options.KeyWidth);
        for (var head = 0; head < heads; head++)
        {
            context.CopyColumns(latent, head * LatentWidth, LatentWidth, joined, head * Options.KeyWidth);
            context.CopyColumns(queries, head * width + still, Rope.Width, joined, head * Options.KeyWidth + LatentWidth);
        }
        return joined;
    }
}
