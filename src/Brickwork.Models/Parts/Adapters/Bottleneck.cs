using Brickwork.Kernels.Activations;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>y + W₂·f(W₁·y + b₁) + b₂ behind a half of a layer, before what it gives is added (Houlsby et al. 2019).</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">Attention or feed-forward part, [T, D] → [T, D].</param>
sealed record Bottleneck(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    /// <summary>W₁, [m, D].</summary>
    public required Tensor Down { get; init; }

    /// <summary>b₁, [m].</summary>
    public required Tensor DownBias { get; init; }

    /// <summary>W₂, [D, m].</summary>
    public required Tensor Up { get; init; }

    /// <summary>b₂, [D].</summary>
    public required Tensor UpBias { get; init; }

    /// <summary>f.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Relu;

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        var narrow = context.AddRowTo(context.Multiply(output, Down), DownBias);            // [T, m]
        var change = context.AddRowTo(context.Multiply(context.Activate(Activation, narrow), Up), UpBias);      // [T, D]
        // The output went into the product: a tape still needs what it was.
        return context.Sum(output, context.Scale(change, strength));
    }
}
