namespace Brickwork.Models.Parts;

/// <summary>y = x / √(mean x² + ε) ⊙ gain, per group of <c>gain</c> values (Zhang &amp; Sennrich 2019).</summary>
/// <param name="Gain">[D], or [K] for a norm within each head of K values, or [H, K] where each head has gains of its own.</param>
/// <param name="Epsilon">ε.</param>
sealed record RmsNorm(Tensor Gain, float Epsilon) : IPart
{
    public bool HasGradient => true;

    /// <summary>Whether one gain holds for the whole row, however long rows are.</summary>
    public bool IsOfWholeRows(int columns) => Gain.Rows == 1 && Gain.Columns == columns;

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = context.Take(input.Rows, input.Columns);
        var width = Gain.Columns;
        var groups = (long)input.Rows * (input.Columns / width);
        var sharedGain = Gain.Rows == 1 ? Gain : (Tensor?)null;
        var (x, y) = (input.Reshape(groups, width), output.Reshape(groups, width));
        Tensors.Operations.RmsNorm.Run(context.Compute, x, sharedGain, Epsilon, y);
        if (context.Tape is { } tape)
            Tensors.Operations.RmsNorm.Record(tape, x, sharedGain, Epsilon, y);
        return sharedGain is null ? context.Product(output, Gain.Reshape(1, Gain.Shape.Count)) : output;
    }

    /// <summary>The norm alone, for groups of <paramref name="width"/> values.</summary>
    public static RmsNorm WithoutGain(int width, float epsilon)
    {
        var ones = Tensor.Zeros(width);
        ones.Floats.Fill(1);
        return new RmsNorm(ones, epsilon);
    }
}
