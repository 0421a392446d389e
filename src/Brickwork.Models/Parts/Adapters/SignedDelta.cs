using Brickwork.Tensors.Weights;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>y + α·S·x, where S has the signs of what a fine-tuning changed and α is its mean size (BitDelta, Liu et al. 2024).</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The projection.</param>
sealed record SignedDelta(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    /// <summary>S, [out, in].</summary>
    public required SignMatrix Signs { get; init; }

    /// <summary>α, [1].</summary>
    public required Tensor Factor { get; init; }

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        var change = context.ScaleBy(context.Multiply(input, Signs), Factor);           // [T, out]
        return context.AddTo(output, context.Scale(change, strength));
    }
}
