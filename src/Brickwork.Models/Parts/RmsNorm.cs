namespace Brickwork.Models.Parts;

/// <summary>y = x / √(mean x² + ε) ⊙ gain, per group of <c>gain</c> values (Zhang &amp; Sennrich 2019).</summary>
/// <param name="Gain">[D], or [K] for a norm within each head of K values.</param>
/// <param name="Epsilon">ε.</param>
sealed record RmsNorm(Tensor Gain, float Epsilon) : IPart
{
    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = context.Take(input.Rows, input.Columns);
        var width = Gain.Columns;
        var groups = (long)input.Rows * (input.Columns / width);
        Tensors.Operations.RmsNorm.Run(context.Compute, input.Reshape(groups, width), Gain, Epsilon, output.Reshape(groups, width));
        return output;
    }
}
