using Brickwork.Models.Running;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>
/// Trained rows in the place of those that virtual tokens have: of the embedding (prompt tuning, Lester et al. 2021), or of the keys or values
/// of a layer (prefix tuning, Li &amp; Liang 2021).
/// </summary>
/// <remarks>Virtual tokens stand before a text (<see cref="VirtualTokens"/>); rows of real tokens pass through.</remarks>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The embedding, or a projection.</param>
sealed record VirtualRows(string Brick, IPart Base) : Adapter(Brick, Base)
{
    /// <summary>[n, out], one row for each virtual token.</summary>
    public required Tensor Values { get; init; }

    public override string? Unroutable => "puts tokens before a text, which all of its rows see or none";

    /// <summary>A text has the tokens before it, or not.</summary>
    public override bool HasStrengths => false;

    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = Base.Forward(input, context);
        if (!context.Rows.Virtual.Has(Brick, out var places, out var sources))
            return output;
        PutRows.Run(output, Values, places, sources);
        if (context.Tape is { } tape)
            PutRows.Record(tape, output, Values, places, sources);
        return output;
    }
}
