namespace Brickwork.Models.Parts;

/// <summary>y = (x − mean) / √(variance + ε) ⊙ gain + bias, per group of K values (Ba et al. 2016).</summary>
/// <param name="Gain">[D], or [K] for a norm within each head of K values, or [H, K] where each head has gains of its own.</param>
/// <param name="Bias">As many values as <paramref name="Gain"/>; null = none.</param>
/// <param name="Epsilon">ε.</param>
sealed record LayerNorm(Tensor Gain, Tensor? Bias, float Epsilon) : IPart
{
    public bool HasGradient => true;

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = context.Take(input.Rows, input.Columns);
        if (Gain.Rows > 1)
        {
            Tensors.Operations.LayerNorm.RunGroups(context.Compute, input, Gain.Rows, Gain, Bias, Epsilon, output);
            if (context.Tape is not null)
                Tensors.Operations.LayerNorm.Record(context.Tape, input, Gain, Bias, Epsilon, output, Gain.Rows);
            return output;
        }
        var width = Gain.Columns;
        var groups = (long)input.Rows * (input.Columns / width);
        var (x, y) = (input.Reshape(groups, width), output.Reshape(groups, width));
        Tensors.Operations.LayerNorm.Run(context.Compute, x, Gain, Bias, Epsilon, y);
        if (context.Tape is { } tape)
            Tensors.Operations.LayerNorm.Record(tape, x, Gain, Bias, Epsilon, y);
        return output;
    }
}
