using Brickwork.Tensors.Weights;

namespace Brickwork.Models.Parts;

/// <summary>y = x·Wᵀ + b with a W that is kept in few bits and written out for each product.</summary>
/// <param name="Weight">[out, in].</param>
sealed record CodedLinear(CodedMatrix Weight) : IPart
{
    /// <summary>[out], added to every row; null = none.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>A factor on the result before the bias; 1 = none.</summary>
    public float Scale { get; init; } = 1;

    public bool HasGradient => true;

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = context.Scale(context.Multiply(input, Weight), Scale);
        return Bias is { } bias ? context.AddRowTo(output, bias) : output;
    }
}
