using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts;

/// <summary>y = (x − mean) / √(variance + ε) ⊙ gain + bias, per group of K values (Ba et al. 2016).</summary>
/// <param name="Gain">[D], or [K] for a norm within each head of K values, or [H, K] where each head has gains of its own.</param>
/// <param name="Bias">[D] or [K]; null = none.</param>
/// <param name="Epsilon">ε.</param>
sealed record LayerNorm(Tensor Gain, Tensor? Bias, float Epsilon) : IPart
{
    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = context.Take(input.Rows, input.Columns);
        var width = Gain.Columns;
        var groups = (long)input.Rows * (input.Columns / width);
        var gainOfGroup = Gain.Rows == 1 ? Gain : (Tensor?)null;
        Tensors.Operations.LayerNorm.Run(context.Compute, input.Reshape(groups, width), gainOfGroup, Bias, Epsilon, output.Reshape(groups, width));
        if (gainOfGroup is null)
            Multiply.Run(context.Compute, output, Gain.Reshape(1, Gain.Shape.Count));
        return output;
    }
}
