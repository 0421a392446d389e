using Brickwork.Tensors.Weights;
using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>y = x·Wᵀ + b. W [out, in] in any storage type.</summary>
sealed record Linear(WeightMatrix Weight) : IPart
{
    /// <summary>Where in the model's files W comes from; null = W was made here.</summary>
    public WeightOrigin? Origin { get; init; }

    /// <summary>[out], added to every row; null = none.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>A factor on the result before the bias; 1 = none.</summary>
    public float Scale { get; init; } = 1;

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = context.Take(input.Rows, Weight.Rows);             // [T, out]
        Weight.Multiply(context.Compute, context.Activations(input), output);
        if (Scale != 1)
            Tensors.Operations.Scale.Run(context.Compute, output, Scale);
        if (Bias is { } bias)
            AddRow.Run(context.Compute, output, bias);
        return output;
    }
}
